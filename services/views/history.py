"""Everything that was changed at a service, by whom."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from audit import queries
from audit.sentences import describe
from notify.lib.csv_files import csv_response
from services.access import ServiceAccessMixin
from services.permissions import MANAGE_SERVICE

FILTERS = {"": "Everything", "api_key.": "API keys", "member.": "Team", "template.": "Templates", "service.": "Settings"}


class HistoryView(ServiceAccessMixin, TemplateView):
    needs = MANAGE_SERVICE
    template_name = "services/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.request.GET.get("show", "")
        if chosen not in FILTERS:
            raise Http404
        events, next_key = queries.page(
            queries.of_service(self.service.pk, prefix=chosen), before=_key(self.request.GET.get("before"))
        )
        return super().get_context_data(
            page_title="History",
            events=[{"at": event.created_at, "text": describe(event)} for event in events],
            filters=[(key, label, key == chosen) for key, label in FILTERS.items()],
            next_href=f"?show={chosen}&before={next_key}" if next_key else "",
            nav_current="settings",
            **kwargs,
        )


class HistoryCsvView(ServiceAccessMixin, View):
    needs = MANAGE_SERVICE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        events = queries.of_service(self.service.pk).iterator(chunk_size=1000)
        lines = (
            [f"{timezone.localtime(e.created_at):%Y-%m-%d %H:%M:%S}", e.actor_label, e.name, describe(e)] for e in events
        )

        def rows() -> Any:
            yield ["Time", "Who", "What", "In words"]
            yield from lines

        return csv_response("history.csv", rows())


def _key(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
