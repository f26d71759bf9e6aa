"""Statistics and usage through the API, from the same figures as the pages."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from dashboard.queries.figures import cells, last_seven_days
from dashboard.queries.usage import Month, YearUsage, year_usage
from notify.lib import clock
from notify.lib.api_errors import json_response, validation_error
from services.api import openapi
from services.api.management import ManageView
from services.api.parsers import query
from services.api.validation import check
from services.enums import KeyScope

MAX_DAYS = 366
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


def _date(value: Any) -> Any:
    try:
        date.fromisoformat(value)
    except ValueError:
        yield "is not a valid date"


def _year(value: str) -> Any:
    if not (value.isascii() and value.isdigit() and _FIRST_YEAR <= int(value[:5]) <= _LAST_YEAR):
        yield "is not a valid year"


class FiguresView(ManageView):
    scopes = (KeyScope.REPORTS, KeyScope.MANAGE)


class StatisticsView(FiguresView):
    """/api/statistics"""

    @openapi.read_statistics
    def get(self, request: HttpRequest) -> HttpResponse:
        parameters = query(request)
        if faults := check(parameters, {"from": _date, "to": _date}):
            raise validation_error(faults)
        first, last = last_seven_days()
        last = date.fromisoformat(parameters["to"]) if "to" in parameters else last
        first = date.fromisoformat(parameters["from"]) if "from" in parameters else min(first, last)
        if not timedelta(0) <= last - first < timedelta(days=MAX_DAYS):
            raise validation_error([f"from must not be after to, nor more than {MAX_DAYS} days before it"])
        found = sorted(cells([self.service.pk], first, last), key=lambda c: (c.day, str(c.template_id), c.status))
        figures = [
            {
                "day": cell.day.isoformat(),
                "template_id": str(cell.template_id),
                "type": cell.channel,
                "status": cell.status.label,
                "count": cell.count,
                "billable_units": float(cell.units),
                "cost_in_pounds": float(cell.cost),
            }
            for cell in found
        ]
        return json_response({"from": first.isoformat(), "to": last.isoformat(), "figures": figures})


class UsageView(FiguresView):
    """/api/usage"""

    @openapi.read_usage
    def get(self, request: HttpRequest) -> HttpResponse:
        parameters = query(request)
        if faults := check(parameters, {"year": _year}):
            raise validation_error(faults)
        year = int(parameters.get("year") or clock.financial_year(clock.local_day()))
        return json_response(_usage(year_usage(self.service, year)))


def _usage(usage: YearUsage) -> dict[str, Any]:
    return {
        "year": usage.year,
        "free_text_allowance": usage.allowance,
        "free_texts_left": float(usage.free_texts_left),
        "cost_in_pounds": float(usage.cost),
        "months": [_month(month) for month in usage.months],
    }


def _month(month: Month) -> dict[str, Any]:
    return {
        "month": f"{month.first_day:%Y-%m}",
        "emails": month.emails,
        "text_units": float(month.text_units),
        "free_text_units": float(month.free_text_units),
        "text_cost_in_pounds": float(month.text_cost),
        "letters": month.letters,
        "letter_cost_in_pounds": float(month.letter_cost),
    }
