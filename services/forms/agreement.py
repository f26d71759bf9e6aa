"""Forms about the agreement and the organisation that signs it."""

from typing import Any

from django import forms

from organisations.enums import OrganisationType
from organisations.models import Organisation


class AcceptForm(forms.Form):
    """Who accepts, and for whom."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    who = forms.ChoiceField(
        label="Who are you accepting the agreement for?",
        choices=[("me", "Myself"), ("someone-else", "Somebody else in my organisation")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select who you are accepting the agreement for"},
    )
    on_behalf_of_name = forms.CharField(
        label="Their name", required=False, max_length=255, help_text="Only if you accept it for somebody else"
    )
    on_behalf_of_email = forms.CharField(
        label="Their email address", required=False, max_length=320, widget=forms.EmailInput(attrs={"spellcheck": "false"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("who") == "me":
            cleaned["on_behalf_of_name"] = cleaned["on_behalf_of_email"] = ""
        elif cleaned.get("who") == "someone-else":
            if not cleaned.get("on_behalf_of_name"):
                self.add_error("on_behalf_of_name", "Enter the name of the person you accept it for")
            if not cleaned.get("on_behalf_of_email"):
                self.add_error("on_behalf_of_email", "Enter the email address of the person you accept it for")
        return cleaned


class SurgeryForm(forms.Form):
    name = forms.CharField(label="Name of your surgery", required=False, max_length=255)


class TrustForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label="Which NHS trust or integrated care board do you work for?",
        queryset=Organisation.objects.active().filter(organisation_type=OrganisationType.NHS_LOCAL),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Select your organisation", "invalid_choice": "Select your organisation"},
    )
