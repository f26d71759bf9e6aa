"""What stands in a page's `<title>`; templates/base.html alone loads it."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def error_prefix(context: template.Context) -> str:
    """“Error: ” where a form or an action was refused."""
    form: Any = context.get("form")
    refused = getattr(form, "errors", None) or context.get("refusal") or context.get("formset_errors")
    return "Error: " if refused else ""


@register.simple_tag(takes_context=True)
def default_title(context: template.Context) -> str:
    """The page's `page_title`, the service and the platform, as far as the page has them."""
    service: Any = context.get("service")
    parts = (context.get("page_title"), service and getattr(service, "name", ""), context.get("PLATFORM_NAME", ""))
    return " – ".join(str(part) for part in parts if part)
