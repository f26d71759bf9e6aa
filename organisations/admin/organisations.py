"""Organisations in the back office."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounts import guardian
from notify.lib.admin import ActionLinksMixin, ReadOnlyAdmin
from organisations import slots
from organisations.admin.actions import _LINKS
from organisations.models import Organisation
from organisations.permissions import MAKE_SERVICES_LIVE
from organisations.rules import may_use_government_brand


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
