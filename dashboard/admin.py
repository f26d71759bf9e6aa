"""The platform's health and figures in the back office."""

from datetime import timedelta
from typing import Any

from django import forms

from dashboard.queries import platform
from notify.lib import back_office, clock

back_office.figure_readers.fill(platform.health)
back_office.chart_readers.fill(platform.charts)


class DaysForm(forms.Form):
    first = forms.DateField(
        label="From", initial=lambda: clock.local_day() - timedelta(days=30), widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(label="To", initial=clock.local_day, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day must not be before the first")
        elif first and last and last - first > timedelta(days=400):
            self.add_error("last", "Ask for 400 days at most")
        return data


for _slug, _title, _description, _rows in (
    ("daily-volumes", "Daily volumes", "Messages of the whole platform by day and channel.", platform.daily_volumes),
    ("volumes-by-service", "Volumes by service", "Messages of each service in a period.", platform.volumes_by_service),
    (
        "messages-by-service",
        "Messages sent by service and day",
        "For each day, service and channel: sent, delivered, failed.",
        platform.sent_by_service,
    ),
):
    back_office.register_report(back_office.Report(_slug, _title, _description, "services.view_service", _rows, DaysForm))
