"""What the back office's actions on organisations ask for."""

from django import forms

from branding.models import EmailBrand, LetterBrand
from organisations.enums import OrganisationType
from organisations.models import Notice
from organisations.permissions import ORGANISATION_PERMISSIONS

_UNKNOWN = (("yes", "Yes"), ("no", "No"), ("unknown", "Not known"))


# --- Forms ------------------------------------------------------------------------------------------------------------
class NewOrganisationForm(forms.Form):
    name = forms.CharField(max_length=255)
    organisation_type = forms.ChoiceField(label="Type", choices=OrganisationType.choices)
    crown = forms.ChoiceField(label="Part of the Crown", choices=_UNKNOWN, help_text="Some types decide this themselves.")


class OrganisationSettingsForm(forms.Form):
    name = forms.CharField(max_length=255)
    organisation_type = forms.ChoiceField(
        label="Type", choices=OrganisationType.choices, help_text="All its services change their type and free allowance too."
    )
    crown = forms.ChoiceField(
        label="Part of the Crown", choices=_UNKNOWN, widget=forms.RadioSelect, help_text="All its services follow."
    )
    agreement_signed = forms.ChoiceField(
        label="Agreement accepted",
        choices=(("yes", "Yes"), ("no", "No"), ("unknown", "Services accept agreements of their own")),
        widget=forms.RadioSelect,
    )
    can_approve_own_go_live_requests = forms.BooleanField(label="Approves its own go-live requests", required=False)
    can_ask_to_join_a_service = forms.BooleanField(label="Its people can ask to join a service", required=False)
    request_to_go_live_notes = forms.CharField(
        label="Notes for people who ask to go live", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class OrganisationBillingForm(forms.Form):
    billing_contact_names = forms.CharField(required=False, max_length=1000)
    billing_contact_emails = forms.CharField(required=False, max_length=1000)
    billing_reference = forms.CharField(required=False, max_length=255)
    purchase_order_number = forms.CharField(required=False, max_length=255)
    notes = forms.CharField(label="Notes for staff", required=False, widget=forms.Textarea(attrs={"rows": 5}))


class DomainsForm(forms.Form):
    domains = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 10}), help_text="One on each line, like example.gov.uk"
    )


class OrganisationMemberForm(forms.Form):
    email = forms.CharField(label="Email address", max_length=320)
    permissions = forms.MultipleChoiceField(
        required=False, choices=list(ORGANISATION_PERMISSIONS.items()), widget=forms.CheckboxSelectMultiple
    )


class PoolEmailBrandForm(forms.Form):
    brand = forms.ModelChoiceField(EmailBrand.objects.filter(is_active=True))


class PoolLetterBrandForm(forms.Form):
    brand = forms.ModelChoiceField(LetterBrand.objects.filter(is_active=True))


class DefaultEmailBrandForm(forms.Form):
    brand = forms.ModelChoiceField(
        EmailBrand.objects.filter(is_active=True), required=False, empty_label="The government’s own look (central only)"
    )


class DefaultLetterBrandForm(forms.Form):
    brand = forms.ModelChoiceField(LetterBrand.objects.filter(is_active=True), required=False, empty_label="No logo")


class NoticeForm(forms.Form):
    text = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(choices=Notice.Kind.choices)
    link = forms.URLField(required=False, assume_scheme="https")
    starts_at = forms.DateTimeField(required=False, help_text="Empty: now. Like 2026-12-24 18:00")
    ends_at = forms.DateTimeField(required=False, help_text="Empty: until it is withdrawn.")


class RemoveMemberForm(forms.Form):
    email = forms.CharField(label="Email address of the member", max_length=320)
