"""API keys."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from services.enums import KeyScope, KeyType
from services.models import Service


class KeyForm(forms.Form):
    name = forms.CharField(
        label="Name for this key", required=False, max_length=255, help_text="For example, the system that will use it"
    )
    key_type = forms.ChoiceField(label="Type of key", required=False, choices=KeyType.choices, widget=forms.RadioSelect)
    scopes = forms.MultipleChoiceField(
        label="What the key may do",
        required=False,
        choices=KeyScope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Leave all of them empty for a key that may send messages and read everything",
    )
    expires_on = forms.DateField(
        label="Last day of the key (optional)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-10"}),
        help_text="We will remind your team 30, 7 and 1 days before",
        error_messages={"invalid": "Enter a real date"},
    )
    option_hints = {
        "key_type": {
            KeyType.NORMAL: "Sends messages to anyone",
            KeyType.TEAM: "Limits who you can send to",
            KeyType.TEST: "Pretends to send messages",
        }
    }

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not service.is_live:
            self.fields["key_type"].help_text = "Your service is in trial mode: a live key can be created once it is live"

    def expires_at(self) -> datetime | None:
        """The end of the chosen day, in the platform's time zone."""
        chosen = self.cleaned_data.get("expires_on")
        if chosen is None:
            return None
        return timezone.make_aware(datetime.combine(chosen, time.max))


class RotateKeyForm(forms.Form):
    overlap = forms.TypedChoiceField(
        label="How long the old key goes on working",
        choices=[(0, "Stop it at once"), (1, "1 day"), (3, "3 days"), (7, "7 days")],
        coerce=lambda days: timedelta(days=int(days)),
        initial=1,
        widget=forms.RadioSelect,
    )
