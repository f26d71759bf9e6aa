"""People of a team and what they may do."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from services.enums import ServicePermission
from services.models import Service
from services.permissions import SERVICE_PERMISSIONS
from services.slots import folders


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
