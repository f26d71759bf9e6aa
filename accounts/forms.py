"""What people fill in to register, to sign in, and to look after their account."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, EditWebAuthnForm, ReauthenticateWebAuthnForm
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError

from accounts import emails
from accounts.email_domains import is_public_sector_email
from accounts.models import User
from accounts.phones import read_mobile
from accounts.sign_in import invitations, lockout

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


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = "Email address"
        login.error_messages.update(
            required="Enter your email address",
            invalid="Enter an email address in the correct format, like name@example.gov.uk",
        )
        login.widget = forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"})
        _ask_for_password(self.fields["password"], "Password", _CURRENT)
        self.fields.pop("remember", None)


class RegistrationForm(allauth_forms.SignupForm):
    """A person of the public sector, or one who was invited, makes an account; the mobile number receives sign-in codes."""

    name = NameField()
    mobile_number = MobileField(help_text="We send a code to this number whenever you sign in")
    field_order = ("name", "email", "mobile_number", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invited_email = invitations.invited_email(context.request)
        old, new = self.fields["email"], EmailField(help_text="Must be from a public sector organisation")
        new.max_length = old.max_length
        self.fields["email"] = new
        if self.invited_email:
            new.initial, new.disabled = self.invited_email, True
            new.help_text = "The address your invitation was sent to"
        _ask_for_password(self.fields["password1"], "Password", _NEW, PASSWORD_HINT)
        self.fields["password1"].error_messages["required"] = "Enter a password"
        if not emails.can_send_texts():
            del self.fields["mobile_number"]
        self.order_fields(self.field_order)

    def clean_email(self) -> str:
        email = super().clean_email()
        if email != self.invited_email and not is_public_sector_email(email):
            raise ValidationError("Enter a public sector email address, or ask a colleague to invite you")
        return email

    def save(self, request: Any) -> Any:
        if self.invited_email:
            # The link in the invitation came through this mailbox: nothing else has to prove it.
            get_adapter().stash_verified_email(request, self.invited_email)
        user = super().save(request)
        invitations.clear(request)
        user.name = self.cleaned_data["name"]
        user.mobile_number = self.cleaned_data.get("mobile_number", "")
        user.sign_in_method = User.SignInMethod.SMS if user.mobile_number else User.SignInMethod.EMAIL
        user.save(update_fields=["name", "mobile_number", "sign_in_method"])
        return user


class CodeForm(allauth_forms.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self.fields["code"])


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField()


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """One field: a person who mistypes asks for another link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_password(self.fields["password1"], "New password", _NEW, PASSWORD_HINT)
        self.fields["password1"].error_messages["required"] = "Enter a new password"
        del self.fields["password2"]


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_password(self.fields["oldpassword"], "Current password", _CURRENT)
        _ask_for_password(self.fields["password1"], "New password", _NEW, PASSWORD_HINT)
        self.fields["password1"].error_messages["required"] = "Enter a new password"
        del self.fields["password2"]

    def clean_oldpassword(self) -> str:
        """Guesses at somebody's open browser count like guesses at the door."""
        if not lockout.take(self.user.pk, lockout.PASSWORD):
            raise ValidationError("Too many wrong passwords. Try again in half an hour")
        password: str = super().clean_oldpassword()
        lockout.give_back(self.user.pk, lockout.PASSWORD)
        return password


class ProveWithPasswordForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_password(self.fields["password"], "Password", _CURRENT)


def _ask_for_code(field: forms.Field, label: str = "Code", hint: str = "", *, letters: bool = False) -> None:
    field.label, field.help_text = label, hint
    attributes = {**_CODE, "inputmode": "text", "class": "govuk-input--width-10"} if letters else _CODE
    field.widget = forms.TextInput(attrs=attributes)
    field.error_messages["required"] = "Enter the code"


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


class NameForm(forms.Form):
    name = NameField()


class NewEmailForm(forms.Form):
    email = EmailField(label="New email address", help_text="Must be from a public sector organisation")


class NewMobileForm(forms.Form):
    mobile_number = MobileField()


class MobileCodeForm(forms.Form):
    code = forms.CharField(
        label="Code", max_length=20, widget=forms.TextInput(attrs=_CODE), error_messages={"required": "Enter the code"}
    )


class MethodForm(forms.Form):
    method = forms.ChoiceField(
        label="After your password",
        choices=[
            (User.SignInMethod.SMS.value, "A code by text message"),
            (User.SignInMethod.EMAIL.value, "A link and a code by email"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select how you want to sign in"},
    )


class FirstAdministratorForm(forms.Form):
    name = NameField()
    email = EmailField()
    password = forms.CharField(
        label="Password",
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs=_NEW),
        error_messages={"required": "Enter a password"},
    )
