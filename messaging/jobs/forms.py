"""Uploading and sending a spreadsheet."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from notify.lib import clock
from notify.lib.forms import set_choices
from services.enums import Channel
from services.models import EmailReplyTo, Service, SmsSender

ACCEPTED = ".csv,.tsv,.xlsx,.xlsm,.xls,.ods"
DAYS_AHEAD = 7


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Upload a list of recipients",
        help_text="A CSV, TSV, Excel or ODS file with up to 100,000 rows, smaller than 10MB",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        allow_empty_file=True,
        error_messages={"required": "Choose a file", "max_length": "The file’s name is too long"},
    )


def hours_ahead(moment: datetime | None = None) -> list[datetime]:
    """The full hours from the next one to midnight seven days ahead, local time (reference: web-ui §10.5)."""
    local = timezone.localtime(moment or clock.now())
    first = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    last = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=DAYS_AHEAD)
    hours = []
    while first <= last:
        hours.append(first)
        first = first.astimezone(timezone.get_default_timezone()) + timedelta(hours=1)
    return hours


class StartForm(forms.Form):
    """When to send, and from whom where there is a choice."""

    scheduled_for = forms.ChoiceField(label="When should it be sent?", required=False)

    def __init__(self, *args: Any, service: Service, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._add_sender(service, channel)
        if channel == Channel.LETTER:
            del self.fields["scheduled_for"]
        else:
            choices = [
                (hour.isoformat(), f"{hour:%A %-d %B, %-I%p}".replace("AM", "am").replace("PM", "pm")) for hour in hours_ahead()
            ]
            set_choices(self, "scheduled_for", [("", "Now"), *choices])

    def _add_sender(self, service: Service, channel: str) -> None:
        if channel == Channel.LETTER:
            return
        model = SmsSender if channel == Channel.SMS else EmailReplyTo
        senders = model.objects.active().filter(service=service).order_by("-is_default", "id")
        if len(senders) > 1:
            label = "Who should it come from?" if channel == Channel.SMS else "Where should replies come back to?"
            self.fields["sender"] = forms.ModelChoiceField(
                label=label, queryset=senders, widget=forms.RadioSelect, empty_label=None, initial=senders[0]
            )

    def when(self) -> datetime | None:
        chosen = self.cleaned_data.get("scheduled_for")
        return datetime.fromisoformat(chosen) if chosen else None
