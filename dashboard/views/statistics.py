"""Months, templates and money."""

from typing import Any

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.generic import TemplateView, View

from dashboard.queries import summary, usage
from notify.lib import clock
from notify.lib.csv_files import csv_response
from services.access import ServiceAccessMixin
from services.permissions import MANAGE_SERVICE, VIEW_ACTIVITY

FIRST_YEAR, LAST_YEAR = 2016, 2100


class YearMixin(ServiceAccessMixin):
    """Pages of one financial year, chosen by `?year=`."""

    request: HttpRequest

    @property
    def year(self) -> int:
        asked = self.request.GET.get("year")
        if asked is None:
            return clock.financial_year(clock.local_day())
        if not asked.isdigit() or not FIRST_YEAR <= int(asked) <= LAST_YEAR:
            raise Http404
        return int(asked)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(year=self.year, years=usage.years_to_show(self.service), **kwargs)


class MonthlyView(YearMixin, TemplateView):
    """Messages by month and channel."""

    needs = VIEW_ACTIVITY
    template_name = "dashboard/monthly.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(months=summary.months(self.service, self.year), nav_current="dashboard", **kwargs)


class TemplateUseView(YearMixin, TemplateView):
    """Templates by month, the busiest first."""

    needs = VIEW_ACTIVITY
    template_name = "dashboard/template_use.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            months=summary.template_use_by_month(self.service, self.year), nav_current="dashboard", **kwargs
        )


class UsageView(YearMixin, TemplateView):
    """What this year's messages cost."""

    needs = MANAGE_SERVICE
    open_to_organisation = True
    template_name = "dashboard/usage.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(usage=usage.year_usage(self.service, self.year), nav_current="usage", **kwargs)


class UsageCsvView(YearMixin, View):
    """The same as a file."""

    open_to_organisation = True
    needs = MANAGE_SERVICE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        year = usage.year_usage(self.service, self.year)
        rows = [
            [
                f"{month.first_day:%B %Y}",
                month.emails,
                month.text_units,
                month.free_text_units,
                month.text_cost,
                month.letters,
                month.letter_cost,
                month.cost,
            ]
            for month in year.months
        ]
        headings = [
            "Month",
            "Emails sent",
            "Text message fragments",
            "Free fragments",
            "Texts (£)",
            "Letters sent",
            "Letters (£)",
            "Total (£)",
        ]
        return csv_response(f"usage-{self.year}.csv", [headings, *rows])
