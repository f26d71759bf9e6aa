"""Looking after one's own account."""

from django import forms

from accounts.forms.fields import _CODE, EmailField, MobileField, NameField
from accounts.models import User


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
