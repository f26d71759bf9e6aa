"""Lists page by page: newest first, each page continuing behind the last id of the one before."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from notify.lib.api.fields import parse_uuid

PAGE_SIZE = 250


class KeysetPagination(BasePagination):
    """The rows under the view's `page_name`, with the links of public-api §5.3.

    A cursor that is not among the view's `cursors()` gives an empty page. `cursor_in_current`: whether the link to the
    page itself repeats its cursor.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.path, self.given = request.path_info, view.query_serializer.given(request.query_params)
        self.name, self.cursor_in_current = view.page_name, view.cursor_in_current
        cursor = parse_uuid(self.given.get("older_than"))
        self.page: list[Any] = []
        if cursor is None or (known := view.cursors()) is None or known.filter(pk=cursor).exists():
            behind = queryset if cursor is None else queryset.filter(pk__lt=cursor)
            self.page = list(behind.order_by("-pk")[:PAGE_SIZE])
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        current = self.given if self.cursor_in_current else _without_cursor(self.given)
        last = self.page[-1].pk if self.page else None
        return Response({self.name: data, "links": page_links(self.path, current, last)})


def page_links(path: str, query: Mapping[str, Any], last_id: UUID | None) -> dict[str, str]:
    """`current`, and `next` on every page that is not empty.

    Clients read the first id in `next` as the cursor, so `older_than` stands first, before a reference that is an id.
    """
    links = {"current": _url(path, query)}
    if last_id is not None:
        links["next"] = _url(path, {"older_than": str(last_id), **_without_cursor(query)})
    return links


def _without_cursor(query: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if name != "older_than"}


def _url(path: str, query: Mapping[str, Any]) -> str:
    text = urlencode(query, doseq=True)
    return f"{settings.API_BASE_URL}{path}" + (f"?{text}" if text else "")
