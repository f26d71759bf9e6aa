"""Services in the back office."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounts import guardian
from notify.lib import clock
from notify.lib.admin import ActionLinksMixin, ReadOnlyAdmin
from organisations.slots import usage_of
from services import rules
from services.actions import staff_settings
from services.admin.service_actions import SERVICE_LINKS, _allowance
from services.enums import ServicePermission, ServiceState
from services.models import Membership, Service
from services.permissions import SERVICE_PERMISSIONS
from services.slots.checklist import items

_LIMIT_WORDS = {
    "email": "Emails",
    "sms": "Text messages",
    "letter": "Letters",
    "international_sms": "International text messages",
}


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
        return ", ".join(str(one) for one in service.reply_to_addresses.active()) or "None"

    @admin.display(description="text message senders")
    def text_senders(self, service: Service) -> str:
        return ", ".join(str(one) for one in service.sms_senders.active()) or "None"
