"""Registering, signing in, and forgotten passwords."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.core.exceptions import ValidationError

from accounts import emails
from accounts.email_domains import is_public_sector_email
from accounts.forms.fields import (
    _CURRENT,
    _NEW,
    PASSWORD_HINT,
    EmailField,
    MobileField,
    NameField,
    _ask_for_code,
    _ask_for_password,
)
from accounts.models import User
from accounts.sign_in import invitations, lockout


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


class FirstAdministratorForm(forms.Form):
    name = NameField()
    email = EmailField()
    password = forms.CharField(
        label="Password",
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs=_NEW),
        error_messages={"required": "Enter a password"},
    )
