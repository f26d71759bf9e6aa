"""Authenticator apps and passkeys."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, EditWebAuthnForm, ReauthenticateWebAuthnForm
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import _ask_for_code
from accounts.models import User
from accounts.sign_in import lockout


class _CountedCode:
    """Takes one of the account's ten attempts before a code is looked at (accounts.sign_in.lockout)."""

    user: User

    def clean_code(self) -> str:
        if not lockout.take(self.user.pk, lockout.CODE):
            raise ValidationError("Too many wrong codes. Try again in half an hour")
        code: str = super().clean_code()  # type: ignore[misc]
        lockout.give_back(self.user.pk, lockout.CODE)
        return code


class AuthenticatorForm(_CountedCode, AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self.fields["code"], "Code from your app", "Or one of your recovery codes", letters=True)


class ProveWithAuthenticatorForm(_CountedCode, ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self.fields["code"], "Code from your app", "Or one of your recovery codes", letters=True)


class ActivateAppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self.fields["code"], "Code from the app")


def _ask_for_passkey_name(field: forms.Field) -> None:
    assert isinstance(field, forms.CharField)
    field.label, field.help_text = "Name of this passkey", "For example, ‘work laptop’ or ‘blue key’"
    field.max_length = 255
    field.widget = forms.TextInput(attrs={"class": "govuk-input--width-20", "maxlength": "255"})
    field.error_messages["required"] = "Enter a name for this passkey"


_NO_PASSKEY = "Your browser did not send a passkey that works here. Try again"


class AddPasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_passkey_name(self.fields["name"])
        self.fields["credential"].error_messages["required"] = "Your browser did not send a passkey. Try again"

    def clean(self) -> dict[str, Any]:
        with _passkey_errors():
            cleaned: dict[str, Any] = super().clean()
            return cleaned


class UsePasskeyForm(AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        with _passkey_errors():
            return super().clean_credential()


class ProveWithPasskeyForm(ReauthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        with _passkey_errors():
            return super().clean_credential()


@contextmanager
def _passkey_errors() -> Iterator[None]:
    """Whatever the library stumbles over in what a browser sent is the browser's fault: a message, never a 500."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, InvalidSignature) as error:
        raise ValidationError(_NO_PASSKEY) from error


class RenamePasskeyForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_passkey_name(self.fields["name"])

    def clean_name(self) -> str:
        """At least two letters or figures (reference: web-ui §4)."""
        name: str = self.cleaned_data["name"].strip()
        if sum(character.isalnum() for character in name) < 2:
            raise ValidationError("The name needs at least two letters or numbers")
        return name[:255]
