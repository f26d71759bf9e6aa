"""Organisations and notices in the back office."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounts import guardian
from audit.actors import Actor
from branding.models import EmailBrand, LetterBrand
from notify.lib import back_office, clock
from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin
from notify.lib.refusals import ActionRefused, Reason
from organisations import slots
from organisations.access import CHANGE, CHOOSE_BRANDS, VIEW
from organisations.actions import brands, members, notices, organisations
from organisations.enums import OrganisationType
from organisations.models import Notice, Organisation
from organisations.permissions import MAKE_SERVICES_LIVE, ORGANISATION_PERMISSIONS
from organisations.rules import may_use_government_brand

_UNKNOWN = (("yes", "Yes"), ("no", "No"), ("unknown", "Not known"))
_AS_BOOL = {"yes": True, "no": False, "unknown": None}
_AS_WORD = {True: "yes", False: "no", None: "unknown"}


def _active(organisation: Organisation) -> bool:
    return organisation.archived_at is None


# --- Forms ------------------------------------------------------------------------------------------------------------
class NewOrganisationForm(forms.Form):
    name = forms.CharField(max_length=255)
    organisation_type = forms.ChoiceField(label="Type", choices=OrganisationType.choices)
    crown = forms.ChoiceField(label="Part of the Crown", choices=_UNKNOWN, help_text="Some types decide this themselves.")


class SettingsForm(forms.Form):
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


class BillingForm(forms.Form):
    billing_contact_names = forms.CharField(required=False, max_length=1000)
    billing_contact_emails = forms.CharField(required=False, max_length=1000)
    billing_reference = forms.CharField(required=False, max_length=255)
    purchase_order_number = forms.CharField(required=False, max_length=255)
    notes = forms.CharField(label="Notes for staff", required=False, widget=forms.Textarea(attrs={"rows": 5}))


class DomainsForm(forms.Form):
    domains = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 10}), help_text="One on each line, like example.gov.uk"
    )


class MemberForm(forms.Form):
    email = forms.CharField(label="Email address", max_length=320)
    permissions = forms.MultipleChoiceField(
        required=False, choices=list(ORGANISATION_PERMISSIONS.items()), widget=forms.CheckboxSelectMultiple
    )


class EmailBrandForm(forms.Form):
    brand = forms.ModelChoiceField(EmailBrand.objects.filter(is_active=True))


class LetterBrandForm(forms.Form):
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


# --- What the buttons run ---------------------------------------------------------------------------------------------
def _create(*, by: Actor, crown: str, **data: Any) -> Organisation:
    return organisations.create_organisation(by=by, crown=_AS_BOOL[crown], **data)


def _change(organisation: Organisation, *, by: Actor, crown: str, agreement_signed: str, **data: Any) -> Organisation:
    known = {"crown": _AS_BOOL[crown], "agreement_signed": _AS_BOOL[agreement_signed]}
    return organisations.update_organisation(organisation, by=by, **known, **data)


def _current(organisation: Organisation) -> dict[str, Any]:
    data = {name: getattr(organisation, name) for name in SettingsForm.base_fields}
    return data | {
        "crown": _AS_WORD[organisation.crown],
        "agreement_signed": _AS_WORD[organisation.agreement_signed],
    }


def _set_domains(organisation: Organisation, *, by: Actor, domains: str) -> None:
    organisations.set_domains(organisation, domains=domains.splitlines(), by=by)


def _invite(organisation: Organisation, *, by: Actor, email: str, permissions: list[str]) -> None:
    members.invite(organisation, email=email, permissions=permissions, by=by)


def _add_or_remove(organisation: Organisation, *, by: Actor, email: str) -> None:
    person = get_user_model()._default_manager.filter(email=email.strip().lower()).first()
    if person is None:
        raise ActionRefused(Reason("email", "Nobody has an account with this email address", "email"))
    members.remove_member(organisation, user=person, by=by)


class RemoveMemberForm(forms.Form):
    email = forms.CharField(label="Email address of the member", max_length=320)


def _pool_action(run: Any) -> Any:
    def action(organisation: Organisation, *, by: Actor, brand: Any) -> None:
        run(organisation, brand, by=by)

    return action


def _default_action(kind: brands.Kind) -> Any:
    def action(organisation: Organisation, *, by: Actor, brand: Any) -> None:
        brands.set_default(organisation, kind, brand, by=by)

    return action


_LINKS = (
    ActionLink("add", "Add an organisation", _create, "organisations.add_organisation", NewOrganisationForm, on_list=True),
    ActionLink("change", "Change settings", _change, CHANGE, SettingsForm, initial=_current, shown=_active),
    ActionLink(
        "domains",
        "Change email domains",
        _set_domains,
        CHANGE,
        DomainsForm,
        initial=lambda organisation: {"domains": "\n".join(str(domain) for domain in organisation.domains.all())},
        shown=_active,
        explain="People with these addresses belong to the organisation, and services they add are linked to it.",
    ),
    ActionLink(
        "billing",
        "Change billing details and notes",
        organisations.update_organisation,
        CHANGE,
        BillingForm,
        initial=lambda organisation: {name: getattr(organisation, name) for name in BillingForm.base_fields},
        shown=_active,
    ),
    ActionLink("invite", "Invite a member", _invite, CHANGE, MemberForm, shown=_active),
    ActionLink("remove-member", "Remove a member", _add_or_remove, CHANGE, RemoveMemberForm, shown=_active, danger=True),
    ActionLink(
        "email-pool", "Offer an email brand", _pool_action(brands.add_to_pool), CHOOSE_BRANDS, EmailBrandForm, shown=_active
    ),
    ActionLink(
        "email-unpool",
        "Stop offering an email brand",
        _pool_action(brands.remove_from_pool),
        CHOOSE_BRANDS,
        EmailBrandForm,
        shown=lambda organisation: _active(organisation) and organisation.email_brand_pool.exists(),
    ),
    ActionLink(
        "email-default",
        "Set the default email brand",
        _default_action("email"),
        CHOOSE_BRANDS,
        DefaultEmailBrandForm,
        initial=lambda organisation: {"brand": organisation.default_email_brand_id},
        shown=_active,
        explain="Services that have no brand take it at once; the others keep theirs.",
    ),
    ActionLink(
        "letter-pool",
        "Offer a letter brand",
        _pool_action(brands.add_to_pool),
        CHOOSE_BRANDS,
        LetterBrandForm,
        shown=_active,
    ),
    ActionLink(
        "letter-unpool",
        "Stop offering a letter brand",
        _pool_action(brands.remove_from_pool),
        CHOOSE_BRANDS,
        LetterBrandForm,
        shown=lambda organisation: _active(organisation) and organisation.letter_brand_pool.exists(),
    ),
    ActionLink(
        "letter-default",
        "Set the default letter brand",
        _default_action("letter"),
        CHOOSE_BRANDS,
        DefaultLetterBrandForm,
        initial=lambda organisation: {"brand": organisation.default_letter_brand_id},
        shown=_active,
    ),
    ActionLink(
        "archive",
        "Archive",
        organisations.archive_organisation,
        CHANGE,
        shown=_active,
        blockers=organisations.archive_blockers,
        explain="Its name becomes free, and its domains and brands are dropped. This cannot be taken back.",
        danger=True,
        sensitive=True,
    ),
)


@admin.register(Organisation)
class OrganisationAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = _LINKS
    list_display = ("name", "organisation_type", "crown", "agreement_signed", "can_approve_own_go_live_requests", "archived_at")
    list_filter = ("organisation_type", "agreement_signed", "can_approve_own_go_live_requests")
    search_fields = ("name", "domains__domain")
    ordering = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "organisation_type", "crown", "archived_at", "pages")}),
        (
            "Agreement",
            {
                "fields": (
                    "agreement_signed",
                    "agreement_signed_at",
                    "agreement_signed_by",
                    "agreement_signed_version",
                    "agreement_on_behalf_of_name",
                    "agreement_on_behalf_of_email",
                )
            },
        ),
        (
            "People",
            {"fields": ("email_domains", "team", "invited", "can_ask_to_join_a_service", "can_approve_own_go_live_requests")},
        ),
        ("Services", {"fields": ("its_services", "request_to_go_live_notes")}),
        ("Brands", {"fields": ("default_email_brand", "email_brands", "default_letter_brand", "letter_brands")}),
        (
            "Billing and notes",
            {
                "fields": (
                    "billing_contact_names",
                    "billing_contact_emails",
                    "billing_reference",
                    "purchase_order_number",
                    "notes",
                )
            },
        ),
    )
    readonly_fields = ("pages", "email_domains", "team", "invited", "its_services", "email_brands", "letter_brands")

    @admin.display(description="pages")
    def pages(self, organisation: Organisation) -> str:
        page = reverse("organisations:organisation-dashboard", args=[organisation.pk])
        return format_html('<a href="{}">What its members see</a>', page)

    @admin.display(description="email domains")
    def email_domains(self, organisation: Organisation) -> str:
        return _lines(str(domain) for domain in organisation.domains.all())

    @admin.display(description="members")
    def team(self, organisation: Organisation) -> str:
        holders = guardian.users_with(MAKE_SERVICES_LIVE, organisation)
        found = organisation.memberships.select_related("user").order_by("user__name")
        return _lines(
            f"{m.user} ({m.user.email})" + (" – may make services live" if m.user_id in holders else "") for m in found
        )

    @admin.display(description="open invitations")
    def invited(self, organisation: Organisation) -> str:
        return _lines(invitation.email for invitation in organisation.invitations.filter(status="pending"))

    @admin.display(description="services")
    def its_services(self, organisation: Organisation) -> str:
        return (
            format_html_join(
                "",
                '<a href="{}">{}</a> – {}{}<br>',
                (
                    (
                        reverse("admin:services_service_change", args=[line.id]),
                        line.name,
                        line.state_label,
                        ", suspended" if line.is_suspended else "",
                    )
                    for line in slots.services_of(organisation)
                ),
            )
            or "None"
        )

    @admin.display(description="email brands offered")
    def email_brands(self, organisation: Organisation) -> str:
        fallback = "Government brand" if may_use_government_brand(organisation.organisation_type) else "None"
        return _lines((brand.name for brand in organisation.email_brand_pool.all()), nothing=fallback)

    @admin.display(description="letter brands offered")
    def letter_brands(self, organisation: Organisation) -> str:
        return _lines(brand.name for brand in organisation.letter_brand_pool.all())


def _lines(texts: Any, *, nothing: str = "None") -> str:
    return format_html_join("", "{}<br>", ((text,) for text in texts)) or nothing


@admin.register(Notice)
class NoticeAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "publish", "Tell everybody something", notices.publish, "organisations.add_notice", NoticeForm, on_list=True
        ),
        ActionLink(
            "withdraw",
            "Withdraw",
            notices.withdraw,
            "organisations.change_notice",
            shown=lambda notice: notice.ends_at is None or notice.ends_at > clock.now(),
            danger=True,
        ),
    )
    list_display = ("text", "kind", "starts_at", "ends_at", "created_by")
    list_select_related = ("created_by",)
    list_filter = ("kind",)
    search_fields = ("text",)


# --- Home page, search, reports ---------------------------------------------------------------------------------------
@back_office.register_finder
def find_organisations(text: str, user: Any) -> Iterator[back_office.Found]:
    """By id, name, or email domain."""
    if not user.has_perm(VIEW):
        return
    wanted = Q(name__icontains=text) | Q(domains__domain__icontains=text)
    if (key := back_office.as_uuid(text)) is not None:
        wanted = Q(pk=key)
    rows = Organisation.objects.filter(wanted).distinct()[:20]
    for organisation in rows:
        address = reverse("admin:organisations_organisation_change", args=[organisation.pk])
        detail = organisation.get_organisation_type_display() + (" – archived" if organisation.archived_at else "")
        yield back_office.Found("Organisation", organisation.name, detail, address)


class YearForm(forms.Form):
    year = forms.IntegerField(
        label="Financial year beginning in April of",
        min_value=2016,
        max_value=2100,
        initial=lambda: clock.financial_year(clock.local_day()),
    )


def _usage_by_organisation(year: int) -> Iterator[tuple[Any, ...]]:
    yield (
        "Organisation ID",
        "Organisation",
        "Type",
        "Service ID",
        "Service",
        "State",
        "Emails",
        "Text message parts",
        "Free allowance",
        "Text messages (£)",
        "Letters",
        "Letters (£)",
        "Billing contact names",
        "Billing contact emails",
        "Billing reference",
        "Purchase order number",
    )
    for organisation in Organisation.objects.filter(archived_at=None).iterator(chunk_size=500):
        lines = slots.services_of(organisation)
        used = slots.usage_of([line.id for line in lines], year)
        for line in lines:
            use = used[line.id]
            yield (
                str(organisation.pk),
                organisation.name,
                organisation.get_organisation_type_display(),
                str(line.id),
                line.name,
                line.state_label,
                use.emails,
                use.sms_fragments,
                use.sms_free_allowance,
                f"{use.sms_cost:.2f}",
                use.letters,
                f"{use.letter_cost:.2f}",
                organisation.billing_contact_names,
                organisation.billing_contact_emails,
                organisation.billing_reference,
                organisation.purchase_order_number,
            )


back_office.register_report(
    back_office.Report(
        slug="usage-by-organisation",
        title="Usage by organisation",
        description="What each service of each organisation sent in a financial year, what it costs, and who pays.",
        permission=VIEW,
        rows=_usage_by_organisation,
        form=YearForm,
    )
)
