"""Everything that was changed at a service, by whom."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from audit import queries
from audit.models import AuditEvent
from audit.sentences import describe
from notify.lib.csv_files import csv_response
from notify.lib.views import uuid_or_404
from services.access import ServiceAccessMixin
from services.models import Service
from services.permissions import MANAGE_SERVICE

# What each filter shows: the beginnings of audit names.
FILTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("Everything", ()),
    "settings": ("Settings", ("service.", "reply_to.", "sms_sender.", "letter_contact.", "inbound_number.", "brand_")),
    "team": ("Team", ("member.", "invitation.", "join_request.", "support_session.")),
    "api": ("API keys and callbacks", ("api_key.", "callback", "guest_list.")),
    "templates": ("Templates", ("template.", "folder.")),
}


def _shown(service: Service, chosen: str) -> QuerySet[AuditEvent]:
    """The events of one filter."""
    anyone = Q()
    for beginning in FILTERS[chosen][1]:
        anyone |= Q(name__startswith=beginning)
    return queries.of_service(service.pk).filter(anyone)


class HistoryView(ServiceAccessMixin, TemplateView):
    needs = MANAGE_SERVICE
    template_name = "services/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.request.GET.get("show", "")
        if chosen not in FILTERS:
            raise Http404
        events, next_key = queries.page(_shown(self.service, chosen), before=uuid_or_404(self.request.GET.get("before")))
        return super().get_context_data(
            page_title="History",
            events=[{"at": event.created_at, "text": describe(event)} for event in events],
            filters=[(key, label, key == chosen) for key, (label, _) in FILTERS.items()],
            next_href=f"?show={chosen}&before={next_key}" if next_key else "",
            chosen=chosen,
            nav_current="settings",
            **kwargs,
        )


class HistoryCsvView(ServiceAccessMixin, View):
    needs = MANAGE_SERVICE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        chosen = request.GET.get("show", "")
        if chosen not in FILTERS:
            raise Http404
        events = _shown(self.service, chosen).iterator(chunk_size=1000)
        lines = ([f"{timezone.localtime(e.created_at):%Y-%m-%d %H:%M:%S}", e.actor_label, e.name, describe(e)] for e in events)

        def rows() -> Any:
            yield ["Time", "Who", "What", "In words"]
            yield from lines

        return csv_response("history.csv", rows())
