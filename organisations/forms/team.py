"""Inviting people to an organisation, and what they may do."""

from collections.abc import Iterable
from typing import Any

from django import forms

from notify.lib.forms import set_choices
from organisations.permissions import ORGANISATION_PERMISSIONS


class OrganisationPermissionsForm(forms.Form):
    permissions = forms.MultipleChoiceField(
        label="What this person may do",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Every member of the organisation sees its services, usage and team.",
    )

    def __init__(self, *args: Any, offered: Iterable[str], **kwargs: Any) -> None:
        """`offered`: the permissions that the person who fills in the form may give."""
        super().__init__(*args, **kwargs)
        choices = [(codename, label) for codename, label in ORGANISATION_PERMISSIONS.items() if codename in offered]
        set_choices(self, "permissions", choices)
        if not choices:
            del self.fields["permissions"]

    def wanted(self) -> list[str]:
        return self.cleaned_data.get("permissions", [])


class InvitationForm(OrganisationPermissionsForm):
    email = forms.CharField(
        label="Email address",
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter an email address"},
    )
    field_order = ("email", "permissions")
