"""`{% support_banner %}`: tells staff in a support session where they are, and lets them leave."""

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("services/support_banner.html", takes_context=True)
def support_banner(context: dict[str, Any]) -> dict[str, Any]:
    request = context.get("request")
    return {"session": getattr(request, "support_session", None), "csrf_token": context.get("csrf_token")}
