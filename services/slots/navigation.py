"""The links at the top of every page of a service. Apps to the right register theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from notify.lib.slots import Slot
from services.enums import ServiceState
from services.permissions import MANAGE_API_KEYS, MANAGE_SERVICE

if TYPE_CHECKING:
    from services.models import Service


@dataclass(frozen=True)
class NavigationItem:
    """A link; `order` places it, `shown` decides by the service and the person's permissions."""

    slug: str
    text: str
    url_name: str
    order: int
    shown: "Callable[[Service, frozenset[str]], bool]" = lambda service, held: True


navigation_items: Slot[NavigationItem] = Slot()


def add(*items: NavigationItem) -> None:
    """Add links; one with the slug of another takes its place."""
    for item in items:
        navigation_items.fill(item, key=item.slug)


def navigation(
    service: "Service", held: frozenset[str], *, current: str = "", only: frozenset[str] | None = None
) -> list[dict[str, object]]:
    """The links a person sees at a service, for templates/layouts/service.html; with `only` just those, by slug."""
    return [
        {
            "text": item.text,
            "href": reverse(item.url_name, kwargs={"service_id": service.pk}),
            "current": item.slug == current,
        }
        for item in sorted(navigation_items, key=lambda item: item.order)
        if (item.shown(service, held) if only is None else item.slug in only)
    ]


add(NavigationItem("team", "Team members", "services:member-list", 40))
add(
    NavigationItem(
        "settings",
        "Settings",
        "services:settings",
        60,
        lambda service, held: bool(held & {MANAGE_SERVICE, MANAGE_API_KEYS}),
    )
)
add(NavigationItem("api", "API integration", "services:api", 70, lambda service, held: MANAGE_API_KEYS in held))
add(
    NavigationItem(
        "go-live",
        "Make your service live",
        "services:go-live",
        80,
        lambda service, held: service.state != ServiceState.LIVE and MANAGE_SERVICE in held,
    )
)
