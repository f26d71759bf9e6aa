"""What the back office's actions on services ask for."""

from django import forms

from branding.models import EmailBrand, LetterBrand
from organisations.models import Organisation
from services.enums import ServicePermission


# --- Forms ------------------------------------------------------------------------------------------------------------
class LimitsForm(forms.Form):
    email = forms.IntegerField(label="Emails a day", required=False, min_value=0)
    sms = forms.IntegerField(label="Text messages a day", required=False, min_value=0)
    letter = forms.IntegerField(label="Letters a day", required=False, min_value=0)
    international_sms = forms.IntegerField(label="International text messages a day", required=False, min_value=0)


class RateForm(forms.Form):
    rate_limit_per_minute = forms.IntegerField(label="API calls a minute", min_value=0)


class AllowanceForm(forms.Form):
    free_sms_fragments = forms.IntegerField(label="Free text message parts a financial year", min_value=0)


class ServicePermissionsForm(forms.Form):
    permissions = forms.MultipleChoiceField(
        label="What the service may do",
        required=False,
        choices=ServicePermission.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class OrganisationForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.active())


class ServiceEmailBrandForm(forms.Form):
    brand = forms.ModelChoiceField(
        EmailBrand.objects.filter(is_active=True),
        required=False,
        empty_label="The government’s own look (central only)",
    )


class ServiceLetterBrandForm(forms.Form):
    brand = forms.ModelChoiceField(LetterBrand.objects.filter(is_active=True), required=False, empty_label="No logo")


class CountForm(forms.Form):
    counts_as_live = forms.BooleanField(label="Count in the list of live services", required=False)


class NotesForm(forms.Form):
    billing_contact_names = forms.CharField(required=False, max_length=1000)
    billing_contact_emails = forms.CharField(required=False, max_length=1000)
    billing_reference = forms.CharField(required=False, max_length=255)
    purchase_order_number = forms.CharField(required=False, max_length=255)
    notes = forms.CharField(label="Notes for staff", required=False, widget=forms.Textarea(attrs={"rows": 5}))


class LookForm(forms.Form):
    reason = forms.CharField(
        label="Why do you need to look into this service?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="The team can read this in its history. Name the ticket if there is one.",
    )


class ProtectForm(forms.Form):
    name = forms.CharField(max_length=11)
    note = forms.CharField(max_length=255, required=False, help_text="Whose name it is.")


class BrandRequestAnswerForm(forms.Form):
    answer = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), help_text="What was done, for your colleagues.")
