"""Letters that came back: by day, and as a file."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.generic import TemplateView, View

from messaging.letters import queries
from notify.lib.csv_files import csv_response
from services.access import ServiceAccessMixin
from services.permissions import VIEW_ACTIVITY


class ReturnedLettersView(ServiceAccessMixin, TemplateView):
    """`/services/<id>/returned-letters`."""

    needs = VIEW_ACTIVITY
    template_name = "letters/returned_letters.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Returned letters", nav_current="activity", days=queries.days(self.service), **kwargs
        )


class ReturnedLettersDayView(ServiceAccessMixin, TemplateView):
    """`/services/<id>/returned-letters/<date>`."""

    needs = VIEW_ACTIVITY
    template_name = "letters/returned_letters_day.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = day_or_404(self.kwargs["reported_on"])
        found = queries.reported_on(self.service, day)
        if not found.total:
            raise Http404
        return super().get_context_data(page_title="Returned letters", nav_current="activity", day=day, found=found, **kwargs)


class ReturnedLettersCsvView(ServiceAccessMixin, View):
    """All letters of a day."""

    needs = VIEW_ACTIVITY

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        day = day_or_404(self.kwargs["reported_on"])
        return csv_response(f"returned-letters-{day:%Y-%m-%d}.csv", queries.export(self.service, day))


def day_or_404(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    # The ends of the calendar have no day before or after.
    if not 1900 < day.year < 9000:
        raise Http404
    return day
