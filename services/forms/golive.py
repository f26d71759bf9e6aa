"""Asking to go live, and the answer."""

from typing import Any

from django import forms


class VolumesForm(forms.Form):
    """How many messages a year; 0 is an answer."""

    MAX = 2_000_000_000
    email = forms.IntegerField(label="Emails a year", required=False, min_value=0, max_value=MAX)
    sms = forms.IntegerField(label="Text messages a year", required=False, min_value=0, max_value=MAX)
    letter = forms.IntegerField(label="Letters a year", required=False, min_value=0, max_value=MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-10"})
            field.error_messages["invalid"] = "Enter a number, like 5000"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError("Enter the number of messages you expect to send in the next year")
        return cleaned


class RejectionReasonForm(forms.Form):
    reason = forms.CharField(label="Reason", required=False, widget=forms.Textarea(attrs={"rows": 4}))


class DecisionForm(forms.Form):
    answer = forms.ChoiceField(
        label="Your answer",
        choices=[("approve", "Make the service live"), ("reject", "Do not approve")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select an answer"},
    )
    reason = forms.CharField(
        label="If you do not approve, tell the team why",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
