"""The links at the top of every page of a service. Apps to the right register theirs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from services.enums import ServiceState
from services.models import Service
from services.permissions import MANAGE_API_KEYS, MANAGE_SERVICE


@dataclass(frozen=True)
class NavigationItem:
    """A link; `order` places it, `shown` decides by the service and the person's permissions."""

    slug: str
    text: str
    url_name: str
    order: int
    shown: Callable[[Service, frozenset[str]], bool] = lambda service, held: True


_items: dict[str, NavigationItem] = {}


def register(item: NavigationItem) -> None:
    """Add a link, or replace the one with the same slug."""
    _items[item.slug] = item


def navigation(
    service: Service, held: frozenset[str], *, current: str = "", only: frozenset[str] | None = None
) -> list[dict[str, object]]:
    """The links a person sees at a service, for templates/layouts/service.html; with `only` just those, by slug."""
    return [
        {
            "text": item.text,
            "href": reverse(item.url_name, kwargs={"service_id": service.pk}),
            "current": item.slug == current,
        }
        for item in sorted(_items.values(), key=lambda item: item.order)
        if (item.shown(service, held) if only is None else item.slug in only)
    ]


register(NavigationItem("team", "Team members", "services:member-list", 40))
register(
    NavigationItem(
        "settings",
        "Settings",
        "services:settings",
        60,
        lambda service, held: bool(held & {MANAGE_SERVICE, MANAGE_API_KEYS}),
    )
)
register(NavigationItem("api", "API integration", "services:api", 70, lambda service, held: MANAGE_API_KEYS in held))
register(
    NavigationItem(
        "go-live",
        "Make your service live",
        "services:go-live",
        80,
        lambda service, held: service.state != ServiceState.LIVE and MANAGE_SERVICE in held,
    )
)
