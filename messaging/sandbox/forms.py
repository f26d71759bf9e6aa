"""The sandbox page's search and controls."""

from typing import Any

from django import forms

from content import InvalidRecipient
from messaging.notifications.rules.recipients import phone_recipient
from messaging.providers.slots import receiving_numbers
from messaging.sandbox.models import SandboxBehaviour
from notify.lib.forms import set_choices
from services.enums import Channel

MAX_DELAY_SECONDS = 3_600


class SandboxSearchForm(forms.Form):
    """Which messages to show."""

    channel = forms.ChoiceField(label="Channel", choices=[("", "All"), *Channel.choices], required=False)
    to = forms.CharField(label="Email address or phone number", max_length=320, required=False)


class SandboxBehaviourForm(forms.ModelForm):
    """What happens to the next messages of one channel."""

    delay_seconds = forms.IntegerField(
        label="Seconds to wait",
        help_text="Only for ‘Deliver after a while’",
        min_value=0,
        max_value=MAX_DELAY_SECONDS,
        required=False,
        error_messages={
            "invalid": "Seconds must be a whole number",
            "min_value": "Seconds must be 0 or more",
            "max_value": f"Seconds must be {MAX_DELAY_SECONDS} or fewer",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )

    class Meta:
        model = SandboxBehaviour
        fields = ["behaviour", "delay_seconds"]
        labels = {"behaviour": "What happens"}
        widgets = {"behaviour": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "behaviour", SandboxBehaviour.Behaviour.choices)

    def clean_delay_seconds(self) -> int:
        return self.cleaned_data.get("delay_seconds") or 0


class TextToServiceForm(forms.Form):
    """A text that somebody sends to a service's number."""

    source = forms.CharField(
        label="From",
        help_text="A mobile number, like 07700 900123",
        max_length=20,
        initial="07700 900123",
        error_messages={"required": "Enter a mobile number"},
    )
    destination = forms.ChoiceField(
        label="To",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a number", "invalid_choice": "Choose a number"},
    )
    message = forms.CharField(
        label="Message",
        help_text="STOP, START and HELP are answered",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter a message"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(number, f"{service} ({number})") for numbers in receiving_numbers for number, service in numbers()]
        set_choices(self, "destination", choices)

    def clean_source(self) -> str:
        try:
            return phone_recipient(self.cleaned_data["source"]).normalised
        except InvalidRecipient as error:
            raise forms.ValidationError(str(error)) from error
