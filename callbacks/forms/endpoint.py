"""Setting a callback's address, token and filters, and choosing what to send again."""

from typing import Any

from django import forms

from callbacks import rules
from callbacks.enums import CALLBACK_STATUSES, Kind
from callbacks.models import CallbackEndpoint
from services.enums import KeyType

# Shown instead of a stored token; left unchanged it keeps the token (reference: public-api §12.6).
DUMMY_TOKEN = "bearer_token_set"
_STATUS_NAMES = {
    "delivered": "Delivered",
    "permanent-failure": "Permanent failure",
    "temporary-failure": "Temporary failure",
    "technical-failure": "Technical failure",
}


class EndpointForm(forms.Form):
    """URL and bearer token. An empty URL removes the callback, whatever the token says."""

    url = forms.CharField(
        label="URL",
        help_text="Must start with https://",
        required=False,
        max_length=2_000,
        error_messages={"max_length": "The URL must be 2,000 characters or fewer"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    bearer_token = forms.CharField(
        label="Bearer token",
        help_text=f"At least {rules.MINIMUM_TOKEN} characters. We send it with every callback.",
        required=False,
        strip=False,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, endpoint: CallbackEndpoint | None = None, **kwargs: Any) -> None:
        if endpoint is not None:
            kwargs["initial"] = {"url": endpoint.url, "bearer_token": DUMMY_TOKEN, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.endpoint = endpoint

    @property
    def removes(self) -> bool:
        """Whether the form was sent to remove the callback."""
        return self.cleaned_data.get("url") == ""

    @property
    def token(self) -> str | None:
        """The new token, or None for the one that is stored."""
        given: str = self.cleaned_data["bearer_token"]
        return None if self.endpoint is not None and given == DUMMY_TOKEN else given

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "url" not in cleaned or (cleaned["url"] == "" and self._may_remove()):
            return cleaned
        if cleaned["url"] == "":
            self.add_error("url", "Cannot be empty")
        elif problem := rules.url_problem(cleaned["url"]):
            self.add_error("url", problem)
        token = cleaned.get("bearer_token", "")
        if token == "":
            self.add_error("bearer_token", "Cannot be empty")
        elif self.token is not None and (problem := rules.token_problem(token)):
            self.add_error("bearer_token", problem)
        return cleaned

    def _may_remove(self) -> bool:
        return True


class FilteredEndpointForm(EndpointForm):
    """The same with filters, for one of several endpoints. Removing has a button of its own here."""

    statuses = forms.MultipleChoiceField(
        label="Statuses",
        help_text="Leave all empty to get every status",
        choices=[(status, _STATUS_NAMES[status]) for status in CALLBACK_STATUSES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    key_types = forms.MultipleChoiceField(
        label="Messages sent with",
        help_text="Leave all empty to get the messages of every type of API key",
        choices=[(key_type.value, f"{key_type.label} keys") for key_type in KeyType],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, kind: str, endpoint: CallbackEndpoint | None = None, **kwargs: Any) -> None:
        if endpoint is not None:
            kwargs["initial"] = {"statuses": endpoint.statuses, "key_types": endpoint.key_types}
        super().__init__(*args, endpoint=endpoint, **kwargs)
        if kind != Kind.DELIVERY_STATUS:
            del self.fields["statuses"], self.fields["key_types"]

    def _may_remove(self) -> bool:
        return False


def _moment_field(label: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "govuk-input--width-20"}),
        error_messages={
            "required": "Enter a date and time",
            "invalid": "Enter a date and time, like 2026-11-30T14:30",
        },
    )


class ReplayForm(forms.Form):
    """A range of time, and whether what was delivered goes again too."""

    since = _moment_field("From")
    until = _moment_field("Until")
    what = forms.ChoiceField(
        label="Which callbacks",
        choices=[("failed", "Only those your system did not take"), ("all", "All of them")],
        initial="failed",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which callbacks"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until <= since:
            self.add_error("until", "The end must be after the start")
        return cleaned


class LogSearchForm(forms.Form):
    """What to show of the log."""

    search = forms.CharField(
        label="Message ID or reference", required=False, max_length=1_000, widget=forms.TextInput(attrs={"spellcheck": "false"})
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "All"), ("waiting", "Waiting"), ("delivered", "Delivered"), ("failed", "Failed")],
    )
