"""Services in the back office: the go-live queue, switches, limits, brands, support sessions, settings tables."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounts import guardian
from audit.actors import Actor
from branding.models import EmailBrand, LetterBrand
from notify.lib import back_office, clock
from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin, ReasonForm
from notify.lib.refusals import Reason
from organisations.models import Organisation
from organisations.slots import ServiceUsage, usage_of
from services import rules, support
from services.access import CHANGE
from services.actions import branding, lifecycle, staff_settings
from services.checklist import items
from services.enums import ServicePermission, ServiceState
from services.guards import checklist_complete, has_organisation, not_archived
from services.models import BrandRequest, Membership, ProtectedSenderName, Service, SupportSession, TypeDefaults
from services.permissions import SERVICE_PERMISSIONS

APPROVE = "services.approve_go_live"
VIEW = "services.view_service"
CHOOSE_BRANDS = "organisations.choose_brands"
_LIMIT_WORDS = {
    "email": "Emails",
    "sms": "Text messages",
    "letter": "Letters",
    "international_sms": "International text messages",
}


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


class PermissionsForm(forms.Form):
    permissions = forms.MultipleChoiceField(
        label="What the service may do",
        required=False,
        choices=ServicePermission.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class OrganisationForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.filter(archived_at=None))


class EmailBrandForm(forms.Form):
    brand = forms.ModelChoiceField(
        EmailBrand.objects.filter(is_active=True),
        required=False,
        empty_label="The government’s own look (central only)",
    )


class LetterBrandForm(forms.Form):
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


class AnswerForm(forms.Form):
    answer = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), help_text="What was done, for your colleagues.")


# --- What the buttons run ---------------------------------------------------------------------------------------------
def _look(service: Service, *, by: Actor, reason: str) -> HttpResponse:
    support.start(service, reason=reason, by=by)
    return HttpResponseRedirect(f"/services/{service.pk}")


def _act(service: Service, *, by: Actor, reason: str) -> HttpResponse:
    support.start(service, reason=reason, by=by, may_act=True)
    return HttpResponseRedirect(f"/services/{service.pk}")


def _set_email_brand(service: Service, *, by: Actor, brand: EmailBrand | None) -> None:
    branding.set_brand(service, "email", brand, by=by)


def _set_letter_brand(service: Service, *, by: Actor, brand: LetterBrand | None) -> None:
    branding.set_brand(service, "letter", brand, by=by)


def _is_pending(service: Service) -> bool:
    return service.state == ServiceState.PENDING and not_archived(service)


def _approval_blockers(service: Service) -> list[Reason]:
    """What the guards of the approval would refuse, before anybody presses the button."""
    reasons = [Reason(reason.code, f"Not done yet: {reason}") for reason in checklist_complete.reasons(service)]
    if not has_organisation(service):
        reasons.append(Reason("organisation", "Link the service to an organisation first"))
    return reasons


def _fields(form: type[forms.Form]) -> Any:
    return lambda service: {name: getattr(service, name) for name in form.base_fields}


def _limits(service: Service) -> dict[str, Any]:
    return {channel: getattr(service, f"{channel}_limit_override") for channel in staff_settings.LIMITS}


def _allowance(service: Service) -> dict[str, Any]:
    return {"free_sms_fragments": rules.free_sms_fragments(service, clock.financial_year(clock.local_day()))}


SERVICE_LINKS = (
    ActionLink(
        "approve",
        "Approve: make it live",
        lifecycle.approve_go_live,
        APPROVE,
        shown=_is_pending,
        blockers=_approval_blockers,
        explain="Everybody on the team gets an email. The service may send to anybody, with the limits of a live service.",
        sensitive=True,
    ),
    ActionLink(
        "reject",
        "Reject the go-live request",
        lifecycle.reject_go_live,
        APPROVE,
        ReasonForm,
        shown=_is_pending,
        explain="The person who asked gets an email with the reason and your address.",
    ),
    ActionLink(
        "look",
        "Look into the service",
        _look,
        support.LOOK,
        LookForm,
        explain="For half an hour you see what the team sees and can change nothing. It is recorded.",
    ),
    ActionLink(
        "act",
        "Act for the service",
        _act,
        support.ACT,
        LookForm,
        shown=not_archived,
        explain="For half an hour you can do what the team can. Everything is recorded under your name.",
        sensitive=True,
    ),
    ActionLink(
        "link",
        "Link to an organisation",
        staff_settings.link_organisation,
        CHANGE,
        OrganisationForm,
        initial=lambda service: {"organisation": service.organisation_id},
        shown=not_archived,
        explain="The service takes its type and crown status, and its brands where it has none. An open go-live request ends.",
    ),
    ActionLink(
        "limits",
        "Change daily limits",
        staff_settings.set_daily_limits,
        CHANGE,
        LimitsForm,
        initial=_limits,
        explain="Leave a box empty for the limit of the service’s type and state.",
    ),
    ActionLink("rate", "Change rate limit", staff_settings.set_rate_limit, CHANGE, RateForm, initial=_fields(RateForm)),
    ActionLink(
        "allowance",
        "Change free allowance",
        staff_settings.set_free_allowance,
        CHANGE,
        AllowanceForm,
        initial=_allowance,
        explain="From this financial year on, until it is changed again.",
    ),
    ActionLink(
        "permissions",
        "Change permissions",
        staff_settings.set_permissions,
        CHANGE,
        PermissionsForm,
        initial=_fields(PermissionsForm),
    ),
    ActionLink(
        "email-brand",
        "Set email brand",
        _set_email_brand,
        CHOOSE_BRANDS,
        EmailBrandForm,
        initial=lambda service: {"brand": service.email_brand_id},
    ),
    ActionLink(
        "letter-brand",
        "Set letter brand",
        _set_letter_brand,
        CHOOSE_BRANDS,
        LetterBrandForm,
        initial=lambda service: {"brand": service.letter_brand_id},
    ),
    ActionLink(
        "count",
        "Count as live or not",
        staff_settings.set_counts_as_live,
        CHANGE,
        CountForm,
        initial=_fields(CountForm),
    ),
    ActionLink(
        "notes",
        "Billing and notes",
        staff_settings.set_notes_and_billing,
        CHANGE,
        NotesForm,
        initial=_fields(NotesForm),
    ),
    ActionLink(
        "trial",
        "Return to trial mode",
        lifecycle.return_to_trial,
        CHANGE,
        ReasonForm,
        shown=lambda service: service.is_live and not_archived(service),
        explain=(
            "Live keys stop reaching strangers at once, and the limits of trial mode apply. "
            "The team gets an email with your reason."
        ),
        danger=True,
        sensitive=True,
    ),
    ActionLink(
        "suspend",
        "Suspend",
        lifecycle.suspend,
        CHANGE,
        ReasonForm,
        shown=lambda service: service.is_active,
        explain=(
            "API keys are refused and pages cannot send until you resume it. Messages that wait or are scheduled are kept, and "
            "sent afterwards. The team gets an email with your reason."
        ),
        danger=True,
        sensitive=True,
    ),
    ActionLink(
        "resume",
        "Resume",
        lifecycle.resume,
        CHANGE,
        shown=lambda service: service.suspended_at is not None and not_archived(service),
        explain="API keys work again, and messages that waited are sent. The team gets an email.",
    ),
    ActionLink(
        "archive",
        "Archive",
        lifecycle.archive,
        CHANGE,
        shown=not_archived,
        explain=(
            "Its API keys stop working for good, messages that wait or are scheduled are never sent, its name becomes "
            "free, and its team gets an email and cannot open it. It can be restored for 7 days; its keys and messages cannot."
        ),
        danger=True,
        sensitive=True,
    ),
    ActionLink(
        "restore",
        "Restore",
        lifecycle.restore,
        CHANGE,
        shown=lambda service: not not_archived(service),
        explain="Its team can open it again and gets an email. API keys stay revoked, and unsent messages stay unsent.",
    ),
)


class StandingFilter(admin.SimpleListFilter):
    """Where services stand; the go-live queue is one of the answers, and shows the oldest request first."""

    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("waiting", "Go-live queue"),
            ("live", "Live"),
            ("trial", "Trial"),
            ("suspended", "Suspended"),
            ("archived", "Archived"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Service]) -> QuerySet[Service]:
        in_use = queryset.filter(archived_at=None)
        return {
            "waiting": in_use.filter(state=ServiceState.PENDING).order_by("go_live_requested_at"),
            "live": in_use.filter(state=ServiceState.LIVE),
            "trial": in_use.filter(state=ServiceState.TRIAL),
            "suspended": in_use.exclude(suspended_at=None),
            "archived": queryset.exclude(archived_at=None),
        }.get(self.value() or "", queryset)


@admin.register(Service)
class ServiceAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = SERVICE_LINKS
    list_display = ("name", "organisation", "organisation_type", "standing", "go_live_requested_at", "went_live_at")
    list_select_related = ("organisation",)
    list_filter = (StandingFilter, "organisation_type")
    search_fields = ("name", "organisation__name", "email_sender_local_part")
    search_help_text = "Part of a name, of an organisation, or an id"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "standing",
                    "organisation",
                    "organisation_type",
                    "crown",
                    "created_at",
                    "created_by",
                    "pages",
                )
            },
        ),
        (
            "Going live",
            {
                "fields": (
                    "checklist",
                    "estimates",
                    "go_live_requested_at",
                    "go_live_requested_by",
                    "organisation_notes",
                    "go_live_rejection_reason",
                    "went_live_at",
                    "counts_as_live",
                )
            },
        ),
        ("People", {"fields": ("team",)}),
        ("Sending", {"fields": ("may_do", "limits", "rate_limit_per_minute", "allowance", "retention", "this_year")}),
        ("Senders and brands", {"fields": ("email_sender", "reply_to", "text_senders", "email_brand", "letter_brand")}),
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
    readonly_fields = (
        "standing", "pages", "checklist", "estimates", "organisation_notes", "team", "may_do", "limits", "allowance",
        "retention", "this_year", "email_sender", "reply_to", "text_senders",
    )  # fmt: skip

    @admin.display(description="standing", ordering="state")
    def standing(self, service: Service) -> str:
        words = [service.get_state_display()]
        words += ["suspended"] if service.suspended_at else []
        words += ["archived"] if service.archived_at else []
        return ", ".join(words)

    @admin.display(description="pages")
    def pages(self, service: Service) -> str:
        history = reverse("admin:audit_auditevent_changelist") + f"?q={service.pk}"
        return format_html('<a href="{}">What happened to it</a>', history)

    @admin.display(description="checklist")
    def checklist(self, service: Service) -> str:
        return format_html_join("", "{} – <strong>{}</strong><br>", ((i.item.label, i.state.value) for i in items(service)))

    @admin.display(description="estimates for a year")
    def estimates(self, service: Service) -> str:
        given = [
            (service.volume_email, "emails"),
            (service.volume_sms, "text messages"),
            (service.volume_letter, "letters"),
        ]
        if all(number is None for number, _ in given):
            return "None given"
        return ", ".join(f"{number or 0:,} {word}" for number, word in given)

    @admin.display(description="notes of the organisation for requests")
    def organisation_notes(self, service: Service) -> str:
        return (service.organisation.request_to_go_live_notes if service.organisation else "") or "None"

    @admin.display(description="team")
    def team(self, service: Service) -> str:
        held: dict[Any, list[str]] = {}
        for codename, label in SERVICE_PERMISSIONS.items():
            for user_id in guardian.users_with(codename, service):
                held.setdefault(user_id, []).append(label)
        memberships = Membership.objects.filter(service=service).select_related("user").order_by("user__name")
        return (
            format_html_join(
                "",
                '<a href="{}">{}</a> {} – {}<br>',
                (
                    (
                        reverse("admin:accounts_user_change", args=[m.user_id]),
                        m.user.name,
                        m.user.email,
                        ", ".join(held.get(m.user_id, [])) or "may only look",
                    )
                    for m in memberships
                ),
            )
            or "Nobody"
        )

    @admin.display(description="may")
    def may_do(self, service: Service) -> str:
        return ", ".join(str(ServicePermission(one).label) for one in service.permissions) or "Nothing"

    @admin.display(description="daily limits")
    def limits(self, service: Service) -> str:
        return format_html_join(
            "",
            "{}: {}{}<br>",
            (
                (
                    _LIMIT_WORDS[channel],
                    f"{rules.daily_limit(service, channel):,}",
                    "" if getattr(service, f"{channel}_limit_override") is None else " (set by staff)",
                )
                for channel in staff_settings.LIMITS
            ),
        )

    @admin.display(description="free text message parts this year")
    def allowance(self, service: Service) -> str:
        return f"{_allowance(service)['free_sms_fragments']:,}"

    @admin.display(description="days that messages are kept")
    def retention(self, service: Service) -> str:
        return ", ".join(f"{channel}: {rules.retention_days(service, channel)}" for channel in ("email", "sms", "letter"))

    @admin.display(description="this financial year")
    def this_year(self, service: Service) -> str:
        use = usage_of([service.pk], clock.financial_year(clock.local_day()))[service.pk]
        return (
            f"{use.emails:,} emails, {use.sms_fragments:,} text message parts (£{use.sms_cost:,.2f}), "
            f"{use.letters:,} letters (£{use.letter_cost:,.2f})"
        )

    @admin.display(description="email sender")
    def email_sender(self, service: Service) -> str:
        return rules.email_sender(service)

    @admin.display(description="reply-to addresses")
    def reply_to(self, service: Service) -> str:
        return ", ".join(str(one) for one in service.reply_to_addresses.filter(archived_at=None)) or "None"

    @admin.display(description="text message senders")
    def text_senders(self, service: Service) -> str:
        return ", ".join(str(one) for one in service.sms_senders.filter(archived_at=None)) or "None"


@admin.register(BrandRequest)
class BrandRequestAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "answer",
            "Mark as done",
            branding.answer_brand_request,
            "services.change_brandrequest",
            AnswerForm,
            shown=lambda request: request.answered_at is None,
        ),
    )
    list_display = ("service", "kind", "requested_by", "created_at", "answered_at")
    list_select_related = ("service", "requested_by")
    list_filter = (("answered_at", admin.EmptyFieldListFilter), "kind")
    search_fields = ("service__name",)


@admin.register(SupportSession)
class SupportSessionAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink("end", "End the session", support.end, CHANGE, shown=lambda session: session.is_running, danger=True),
    )
    list_display = ("service", "user", "may_act", "started_at", "expires_at", "ended_at")
    list_select_related = ("service", "user")
    list_filter = ("may_act",)
    search_fields = ("service__name", "user__email")


@admin.register(ProtectedSenderName)
class ProtectedSenderNameAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "add",
            "Protect a name",
            staff_settings.protect_sender,
            "services.add_protectedsendername",
            ProtectForm,
            on_list=True,
        ),
        ActionLink(
            "remove",
            "Stop protecting it",
            staff_settings.unprotect_sender,
            "services.delete_protectedsendername",
            danger=True,
        ),
    )
    list_display = ("name", "note", "created_at", "created_by")
    list_select_related = ("created_by",)
    search_fields = ("name", "note")


_DEFAULTS = forms.fields_for_model(TypeDefaults, exclude=("organisation_type",))
# A plain form of the same fields: the action saves, not the form.
TypeDefaultsForm = type("TypeDefaultsForm", (forms.Form,), dict(_DEFAULTS))


@admin.register(TypeDefaults)
class TypeDefaultsAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "change",
            "Change the defaults",
            staff_settings.set_type_defaults,
            "services.change_typedefaults",
            TypeDefaultsForm,
            initial=lambda row: {name: getattr(row, name) for name in _DEFAULTS},
            explain="Services of this type follow at once, except where staff set a limit or an allowance of their own.",
            sensitive=True,
        ),
    )
    list_display = (
        "__str__", "trial_email", "trial_sms", "trial_letter", "live_email", "live_sms", "live_letter", "free_sms_fragments",
    )  # fmt: skip


# --- Home page, search, reports ---------------------------------------------------------------------------------------
@back_office.register_waiting
def what_waits(user: Any) -> Iterator[back_office.Waiting]:
    """Go-live requests and wishes for brands."""
    if user.has_perm(APPROVE):
        waiting = Service.objects.filter(state=ServiceState.PENDING, archived_at=None)
        found = waiting.aggregate(count=Count("pk"), oldest=Min("go_live_requested_at"))
        address = reverse("admin:services_service_changelist") + "?standing=waiting"
        yield back_office.Waiting("go-live requests", found["count"], address, found["oldest"])
    if user.has_perm("services.change_brandrequest"):
        found = BrandRequest.objects.filter(answered_at=None).aggregate(count=Count("pk"), oldest=Min("created_at"))
        address = reverse("admin:services_brandrequest_changelist") + "?answered_at__isempty=1"
        yield back_office.Waiting("requests for a brand", found["count"], address, found["oldest"])


@back_office.register_figures
def how_many_services() -> Iterator[back_office.Figure]:
    counts = Service.objects.filter(archived_at=None).aggregate(
        live=Count("pk", filter=Q(state=ServiceState.LIVE, counts_as_live=True)),
        trial=Count("pk", filter=~Q(state=ServiceState.LIVE)),
        suspended=Count("pk", filter=Q(suspended_at__isnull=False)),
    )
    address = reverse("admin:services_service_changelist")
    yield back_office.Figure("live services", f"{counts['live']:,}", url=f"{address}?standing=live")
    yield back_office.Figure("services in trial", f"{counts['trial']:,}", url=f"{address}?standing=trial")
    if counts["suspended"]:
        yield back_office.Figure("suspended services", f"{counts['suspended']:,}", "warn", url=f"{address}?standing=suspended")


@back_office.register_finder
def find_services(text: str, user: Any) -> Iterator[back_office.Found]:
    """By id or name."""
    if not user.has_perm(VIEW):
        return
    key = back_office.as_uuid(text)
    wanted = Q(pk=key) if key else Q(name__icontains=text) | Q(archived_name__icontains=text)
    for service in Service.objects.filter(wanted).select_related("organisation")[:20]:
        words = [service.get_state_display(), str(service.organisation or "no organisation")]
        words += ["archived"] if service.archived_at else []
        address = reverse("admin:services_service_change", args=[service.pk])
        yield back_office.Found("Service", service.name, ", ".join(words), address)


def _live_services() -> Iterator[tuple[Any, ...]]:
    yield (
        "Organisation",
        "Type",
        "Service",
        "Service ID",
        "Contact name",
        "Contact email",
        "Went live",
        "Estimated emails a year",
        "Estimated text messages a year",
        "Estimated letters a year",
        "Emails this year",
        "Text message parts this year",
        "Letters this year",
        "Free text message allowance",
    )
    year = clock.financial_year(clock.local_day())
    live = Service.objects.filter(state=ServiceState.LIVE, archived_at=None, counts_as_live=True)
    live = live.select_related("organisation", "go_live_requested_by").order_by("went_live_at")
    page: list[Service] = []
    for service in live.iterator(chunk_size=500):
        page.append(service)
        if len(page) == 500:
            yield from _live_rows(page, year)
            page = []
    yield from _live_rows(page, year)


def _live_rows(services: list[Service], year: int) -> Iterator[tuple[Any, ...]]:
    used = usage_of([service.pk for service in services], year)
    for service in services:
        use: ServiceUsage = used[service.pk]
        contact = service.go_live_requested_by
        yield (
            str(service.organisation or ""),
            service.get_organisation_type_display(),
            service.name,
            str(service.pk),
            contact.name if contact else "",
            contact.email if contact else "",
            service.went_live_at.date().isoformat() if service.went_live_at else "",
            service.volume_email or 0,
            service.volume_sms or 0,
            service.volume_letter or 0,
            use.emails,
            use.sms_fragments,
            use.letters,
            use.sms_free_allowance,
        )


back_office.register_report(
    back_office.Report(
        slug="live-services",
        title="Live services",
        description="Every live service with its organisation, contact, go-live date, estimates, and this year’s messages.",
        permission=VIEW,
        rows=_live_services,
    )
)
