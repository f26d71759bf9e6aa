"""Forms of the service pages. They check shapes; the actions check rules."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from organisations.enums import OrganisationType
from services import folders
from services.enums import KeyScope, KeyType, ServicePermission
from services.models import Service
from services.permissions import SERVICE_PERMISSIONS


class ServiceNameForm(forms.Form):
    label_size = "m"
    name = forms.CharField(
        label="Service name",
        required=False,
        help_text="Recipients see it in emails, so make it clear and specific, like ‘Register to vote’",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RestoreForm(forms.Form):
    name = forms.CharField(
        label="Service name",
        required=False,
        help_text="Choose another one if the old name has been taken since",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AddServiceForm(ServiceNameForm):
    """The type is asked only where it is not known."""

    organisation_type = forms.ChoiceField(
        label="Who runs this service?",
        required=False,
        choices=OrganisationType.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, asks_type: bool, nhs_only: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_type:
            del self.fields["organisation_type"]
        elif nhs_only:
            nhs = (OrganisationType.NHS_CENTRAL, OrganisationType.NHS_LOCAL, OrganisationType.NHS_GP)
            self.fields["organisation_type"].choices = [(kind.value, kind.label) for kind in nhs]  # type: ignore[attr-defined]


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


class PermissionsForm(forms.Form):
    permissions = forms.MultipleChoiceField(
        label="What this person may do",
        required=False,
        choices=list(SERVICE_PERMISSIONS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="All team members can see templates, sent messages and the team",
    )


class PersonForm(PermissionsForm):
    """What a person may do, which folders they open, and how they sign in: the last two only where there is a choice."""

    def __init__(self, *args: Any, service: Service, methods: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder_keys = [key for key, _ in folders.choices(service)]
        if self.folder_keys:
            self.fields["folders"] = forms.MultipleChoiceField(
                label="Folders this person can open",
                required=False,
                choices=folders.choices(service),
                initial=self.folder_keys,
                widget=forms.CheckboxSelectMultiple,
            )
        if methods and service.has_permission(ServicePermission.EMAIL_AUTH):
            self.fields["sign_in_method"] = forms.ChoiceField(
                label="How this person signs in",
                choices=[(User.SignInMethod.SMS, "Text message code"), (User.SignInMethod.EMAIL, "Email link")],
                initial=User.SignInMethod.SMS,
                widget=forms.RadioSelect,
                error_messages={"required": "Select how they sign in"},
            )

    def chosen_folders(self) -> list[str] | None:
        """The folders, None for all of them: somebody with every tick also opens those to come."""
        chosen = self.cleaned_data.get("folders", [])
        return None if set(chosen) == set(self.folder_keys) else list(chosen)


class InviteForm(PersonForm):
    email = forms.CharField(
        label="Email address",
        required=False,
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("email", "permissions")


class MemberForm(PersonForm):
    expires_on = forms.DateField(
        label="Last day of access (optional)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-10"}),
        help_text="They are told a week before. Leave it empty for access without an end",
        error_messages={"invalid": "Enter a real date"},
    )

    def expires_at(self) -> datetime | None:
        chosen = self.cleaned_data.get("expires_on")
        return None if chosen is None else timezone.make_aware(datetime.combine(chosen, time.max))


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


class ReasonForm(forms.Form):
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


class TextForm(forms.Form):
    """One text field, named by the page."""

    value = forms.CharField(required=False, max_length=1000)

    def __init__(self, *args: Any, label: str, hint: str = "", multiline: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = label
        self.fields["value"].help_text = hint
        if multiline:
            self.fields["value"].widget = forms.Textarea(attrs={"rows": 6})


class SenderForm(TextForm):
    """A sender and whether it is the default."""

    is_default = forms.BooleanField(label="Make this the default", required=False)


class OnOffForm(forms.Form):
    on = forms.TypedChoiceField(
        choices=[("yes", "On"), ("no", "Off")], coerce=lambda value: value == "yes", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, label: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = label
        self.fields["on"].help_text = hint


class NumberForm(forms.Form):
    """One number; empty means that none was chosen."""

    value = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2_000_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-10"}),
        error_messages={"invalid": "Enter a number, like 100"},
    )

    def __init__(self, *args: Any, label: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = label
        self.fields["value"].help_text = hint


class ContactLinkForm(TextForm):
    in_emails = forms.BooleanField(label="Also show it at the end of our emails", required=False)


class BillingForm(forms.Form):
    billing_contact_names = forms.CharField(label="Names of the contacts for bills", required=False, max_length=1000)
    billing_contact_emails = forms.CharField(
        label="Their email addresses", required=False, max_length=1000, help_text="Separate them with commas"
    )
    billing_reference = forms.CharField(label="Your reference", required=False, max_length=255)
    purchase_order_number = forms.CharField(label="Purchase order number", required=False, max_length=255)


class RetentionForm(forms.Form):
    days = forms.IntegerField(
        label="Number of days",
        required=False,
        help_text="From 3 to 90",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages={"invalid": "Enter a number of days from 3 to 90"},
    )


class GuestListForm(forms.Form):
    """Five addresses and five numbers."""

    SLOTS = 5

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for index in range(1, self.SLOTS + 1):
            self.fields[f"email_{index}"] = forms.CharField(label=f"Email address {index}", required=False, max_length=320)
        for index in range(1, self.SLOTS + 1):
            self.fields[f"phone_{index}"] = forms.CharField(label=f"Mobile number {index}", required=False, max_length=30)

    def entries(self, kind: str) -> list[tuple[str, str]]:
        """(field name, what was typed), for the fields that are filled in."""
        found = [(f"{kind}_{n}", self.cleaned_data.get(f"{kind}_{n}", "").strip()) for n in range(1, self.SLOTS + 1)]
        return [(name, value) for name, value in found if value]
