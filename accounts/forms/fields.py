"""Fields and hints that several forms share."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.validators import read_mobile

_CURRENT = {"autocomplete": "current-password"}


_NEW = {"autocomplete": "new-password"}


_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-5", "spellcheck": "false"}


_LINK = re.compile(r"https?://|www\.|\w\.(com|org|net|info|uk|io|co)\b|\[[^\]]*\]\(", re.IGNORECASE)


PASSWORD_HINT = "At least 8 characters. Three random words make a good password."


def check_name(name: str) -> str:
    """Refuses what would become a link in an email (reference: web-ui §1.5)."""
    if _LINK.search(name):
        raise ValidationError("Your name must not contain a web address")
    return name


def check_mobile(typed: str) -> str:
    try:
        return read_mobile(typed)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Full name",
            max_length=255,
            error_messages={"required": "Enter your full name"},
            widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
            **kwargs,
        )

    def clean(self, value: object) -> Any:
        return check_name(super().clean(value))


class MobileField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Mobile number",
            max_length=30,
            error_messages={"required": "Enter your mobile number"},
            widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "class": "govuk-input--width-20"}),
            **kwargs,
        )

    def clean(self, value: object) -> Any:
        typed = super().clean(value)
        return check_mobile(typed) if typed else ""


class EmailField(forms.EmailField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=kwargs.pop("label", "Email address"),
            max_length=320,
            error_messages={
                "required": "Enter your email address",
                "invalid": "Enter an email address in the correct format, like name@example.gov.uk",
            },
            widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
            **kwargs,
        )

    def clean(self, value: object) -> Any:
        return super().clean(value).strip().lower()


def _ask_for_password(field: forms.Field, label: str, attributes: dict[str, str], hint: str = "") -> None:
    field.label, field.help_text = label, hint
    field.widget = forms.PasswordInput(attrs=attributes)
    field.error_messages["required"] = "Enter your password"


def _ask_for_code(field: forms.Field, label: str = "Code", hint: str = "", *, letters: bool = False) -> None:
    field.label, field.help_text = label, hint
    attributes = {**_CODE, "inputmode": "text", "class": "govuk-input--width-10"} if letters else _CODE
    field.widget = forms.TextInput(attrs=attributes)
    field.error_messages["required"] = "Enter the code"
