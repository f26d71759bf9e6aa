"""The links of a service's API integration page. Apps to the right register theirs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ApiLink:
    """A page about the API; `order` places it."""

    slug: str
    text: str
    hint: str
    url_name: str
    order: int


_links: dict[str, ApiLink] = {}


def register(link: ApiLink) -> None:
    """Add a link, or replace the one with the same slug."""
    _links[link.slug] = link


def links() -> list[ApiLink]:
    return sorted(_links.values(), key=lambda link: link.order)


register(ApiLink("keys", "API keys", "What your systems sign their requests with", "services:key-list", 10))
register(ApiLink("guests", "Guest list", "Who team keys may write to besides your team", "services:guest-list", 20))
