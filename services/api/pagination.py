"""The links of a page: where it is and where the next one is."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

PAGE_SIZE = 250


def page_links(path: str, query: Mapping[str, Any], last_id: UUID | None) -> dict[str, str]:
    """`current`, and `next` on every page that is not empty.

    Clients read the first id in `next` as the cursor, so `older_than` stands first, before a reference that is an id.
    """
    links = {"current": _url(path, query)}
    if last_id is not None:
        rest = {name: value for name, value in query.items() if name != "older_than"}
        links["next"] = _url(path, {"older_than": str(last_id), **rest})
    return links


def _url(path: str, query: Mapping[str, Any]) -> str:
    text = urlencode(query, doseq=True)
    return f"{settings.API_BASE_URL}{path}" + (f"?{text}" if text else "")
