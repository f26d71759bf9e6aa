"""Statistics and usage through the API, from the same figures as the pages."""

from datetime import date, timedelta
from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from dashboard.queries.figures import cells, last_seven_days
from dashboard.queries.usage import year_usage
from notify.lib import clock
from notify.lib.api.errors import validation_error
from notify.lib.api.fields import Id, Text, WireField, refuse
from notify.lib.api.openapi import endpoint
from notify.lib.api.parsers import ApiRequest
from notify.lib.api.serializers import Shape
from services.api.base import ManageView
from services.api.fields import OneChannel
from services.enums import KeyScope

MAX_DAYS = 366
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


class Day(WireField, serializers.DateField):
    def to_internal_value(self, data: Any) -> date:
        try:
            return date.fromisoformat(data)
        except ValueError:
            refuse("is not a valid date")


class Year(WireField, serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if not (data.isascii() and data.isdigit() and _FIRST_YEAR <= int(data[:5]) <= _LAST_YEAR):
            refuse("is not a valid year")
        return int(data)


class StatisticsQuery(Shape):
    def get_fields(self) -> dict[str, serializers.Field]:
        # `from` is no name that Python lets a class have.
        return {
            "from": Day(required=False, help_text="The first day."),
            "to": Day(required=False, help_text="The last day."),
        }


class FigureSerializer(Shape):
    day = Day()
    template_id = Id()
    type = OneChannel(source="channel")
    status = Text(source="status.label")
    count = serializers.IntegerField()
    billable_units = serializers.FloatField(source="units")
    cost_in_pounds = serializers.FloatField(source="cost")


class StatisticsSerializer(Shape):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {"from": Day(), "to": Day(), "figures": FigureSerializer(many=True)}


class UsageQuery(Shape):
    year = Year(required=False, min_value=_FIRST_YEAR, max_value=_LAST_YEAR, help_text="The year it began.")


class MonthSerializer(Shape):
    month = Text()
    emails = serializers.IntegerField()
    text_units = serializers.FloatField()
    free_text_units = serializers.FloatField()
    text_cost_in_pounds = serializers.FloatField(source="text_cost")
    letters = serializers.IntegerField()
    letter_cost_in_pounds = serializers.FloatField(source="letter_cost")

    def get_month(self, month: Any) -> str:
        return f"{month.first_day:%Y-%m}"


class UsageSerializer(Shape):
    year = serializers.IntegerField()
    free_text_allowance = serializers.IntegerField(source="allowance")
    free_texts_left = serializers.FloatField()
    cost_in_pounds = serializers.FloatField(source="cost")
    months = MonthSerializer(many=True)


class FiguresView(ManageView):
    tag = "Figures"
    scopes = (KeyScope.REPORTS, KeyScope.MANAGE)


class StatisticsView(FiguresView):
    """/api/statistics"""

    query_serializer = StatisticsQuery

    @endpoint(
        "read_statistics",
        "Read statistics",
        StatisticsSerializer,
        description="Messages by day, template and status, test keys left out. The last seven days unless told otherwise.",
    )
    def get(self, request: ApiRequest) -> Response:
        wanted = StatisticsQuery.read_query(request.query_params)
        first, last = last_seven_days()
        last = wanted.get("to", last)
        first = wanted.get("from", min(first, last))
        if not timedelta(0) <= last - first < timedelta(days=MAX_DAYS):
            raise validation_error([f"from must not be after to, nor more than {MAX_DAYS} days before it"])
        found = sorted(cells([self.service.pk], first, last), key=lambda c: (c.day, str(c.template_id), c.status))
        return Response(StatisticsSerializer.show({"from": first, "to": last, "figures": found}))


class UsageFiguresView(FiguresView):
    """/api/usage"""

    query_serializer = UsageQuery

    @endpoint(
        "read_usage",
        "Read usage",
        UsageSerializer,
        description="What a financial year (from April) has used and cost so far, month by month.",
    )
    def get(self, request: ApiRequest) -> Response:
        wanted = UsageQuery.read_query(request.query_params)
        year = wanted.get("year", clock.financial_year(clock.local_day()))
        return Response(UsageSerializer.show(year_usage(self.service, year)))
