"""The links of a service's API integration page. Apps to the right register theirs."""

from dataclasses import dataclass

from notify.lib.slots import Slot


@dataclass(frozen=True)
class ApiLink:
    """A page about the API; `order` places it."""

    slug: str
    text: str
    hint: str
    url_name: str
    order: int


api_links: Slot[ApiLink] = Slot()


def links() -> list[ApiLink]:
    """The links in page order."""
    return sorted(api_links, key=lambda link: link.order)


for _link in (
    ApiLink("keys", "API keys", "What your systems sign their requests with", "services:key-list", 10),
    ApiLink("guests", "Guest list", "Who team keys may write to besides your team", "services:guest-list", 20),
):
    api_links.fill(_link, key=_link.slug)
