"""What people fill in to send one message."""

from typing import Any

from django import forms

from services.enums import Channel
from services.models import EmailReplyTo, Service, SmsSender


class OneOffForm(forms.Form):
    """The recipient, the values of the template, and the sender where there is a choice. One page, so nothing is lost."""

    recipient = forms.CharField(required=False, max_length=320)

    def __init__(self, *args: Any, service: Service, channel: str, names: list[str], own: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recipient = self.fields["recipient"]
        if channel == Channel.SMS:
            recipient.label = "Phone number"
            recipient.widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
        else:
            recipient.label = "Email address"
            recipient.widget = forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        recipient.help_text = f"Your own is {own}" if own else ""
        self.names = names
        for index, name in enumerate(names):
            self.fields[f"value_{index}"] = forms.CharField(
                label=name,
                error_messages={"required": f"Enter a value for ‘{name}’"},
                strip=True,
                widget=forms.Textarea(attrs={"rows": 2}) if channel == Channel.EMAIL else forms.TextInput(),
            )
        self._add_senders(service, channel)

    def _add_senders(self, service: Service, channel: str) -> None:
        model = SmsSender if channel == Channel.SMS else EmailReplyTo
        senders = model.objects.active().filter(service=service).order_by("-is_default", "id")
        if len(senders) > 1:
            label = "Who should it come from?" if channel == Channel.SMS else "Where should replies come back to?"
            self.fields["sender"] = forms.ModelChoiceField(
                label=label, queryset=senders, widget=forms.RadioSelect, empty_label=None, initial=senders[0]
            )

    def personalisation(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"value_{index}"] for index, name in enumerate(self.names)}
