"""`{% notices_to_everybody %}`: what the platform's staff tell everybody who is signed in."""

from typing import Any

from django import template
from django.core.cache import cache

from organisations.models import Notice

register = template.Library()
# Read on every page: half a minute of delay saves a query on each.
_KEY, _SECONDS = "organisations.notices", 30


@register.inclusion_tag("organisations/notices.html", takes_context=True)
def notices_to_everybody(context: dict[str, Any]) -> dict[str, Any]:
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return {"notices": []}
    notices = cache.get(_KEY)
    if notices is None:
        notices = list(Notice.objects.showing().values("kind", "text", "link"))
        cache.set(_KEY, notices, _SECONDS)
    return {"notices": notices}
