"""What people fill in to register and to sign in."""

from typing import Any

from allauth.account.forms import LoginForm, SignupForm
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.public_sector import is_public_sector_email


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email address"
        self.fields["login"].error_messages["required"] = "Enter your email address"
        self.fields["password"].error_messages["required"] = "Enter your password"
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs = {"autocomplete": "username", "spellcheck": "false", "type": "email"}
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
        self.fields.pop("remember", None)


class RegistrationForm(SignupForm):
    """A person of the public sector registers; the mobile number receives sign-in codes."""

    name = forms.CharField(
        label="Full name",
        max_length=255,
        error_messages={"required": "Enter your full name"},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    field_order = ("name", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Email address"
        self.fields["email"].help_text = "Must be from a public sector organisation"
        self.fields["email"].error_messages["required"] = "Enter your email address"
        self.fields["password1"].label = "Password"
        self.fields["password1"].help_text = "At least 8 characters"
        self.fields["password1"].error_messages["required"] = "Enter a password"

    def clean_email(self) -> str:
        email = super().clean_email()
        if not is_public_sector_email(email):
            raise ValidationError("Enter a public sector email address, or ask a colleague to invite you")
        return email

    def save(self, request: Any) -> Any:
        user = super().save(request)
        if user is not None:
            User.objects.filter(pk=user.pk).update(
                name=self.cleaned_data["name"], sign_in_method=User.SignInMethod.EMAIL
            )
            user.name, user.sign_in_method = self.cleaned_data["name"], User.SignInMethod.EMAIL
        return user
