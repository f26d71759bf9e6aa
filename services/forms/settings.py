"""The settings of a service."""

from typing import Any

from django import forms


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
