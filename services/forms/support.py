"""Starting a support session."""

from django import forms


class SupportSessionForm(forms.Form):
    reason = forms.CharField(
        label="Why do you need to look into this service?",
        help_text="This is written to the audit trail, which the team can read. Name the ticket if there is one.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        error_messages={"required": "Say why you need to look into this service"},
    )
