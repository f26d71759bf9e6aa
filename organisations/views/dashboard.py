"""What members of an organisation see of it: its services, what they sent and cost, who waits to go live."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, StreamingHttpResponse
from django.views.generic import TemplateView, View

from accounts.access import PersonMixin
from notify.lib import clock
from notify.lib.csv_files import csv_response
from organisations import agreement, queries, slots
from organisations.access import CHANGE, OrganisationAccessMixin, is_platform_staff
from organisations.models import Organisation
from organisations.permissions import MAKE_SERVICES_LIVE
from organisations.slots import ServiceUsage

PAGE_SIZE = 50
# Fewer services than this are seen at one glance (reference: web-ui §20.1).
SEARCH_FROM = 8


class OrganisationList(PersonMixin, TemplateView):
    """The organisations a person belongs to; staff see all of them."""

    template_name = "organisations/organisation_list.html"
    access = "signed_in"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.person
        staff = is_platform_staff(user)
        found = Organisation.objects.active() if staff else queries.visible_to(user)
        text = self.request.GET.get("search", "").strip()[:255]
        if text:
            found = found.filter(Q(name__icontains=text) | Q(domains__domain__icontains=text)).distinct()
        after = self.request.GET.get("after", "")[:255]
        if after:
            found = found.filter(name__gt=after)
        rows = list(found.order_by("name")[: PAGE_SIZE + 1])
        more = rows[PAGE_SIZE - 1].name if len(rows) > PAGE_SIZE else ""
        context = {"organisations": rows[:PAGE_SIZE], "search": text, "next_after": more, "is_platform_staff": staff}
        return super().get_context_data(**kwargs) | context


def chosen_year(request: HttpRequest) -> tuple[int, list[int]]:
    """The financial year asked for and those offered: this one and the two before. Anything else is this year."""
    this_year = clock.financial_year(clock.local_day())
    offered = [this_year, this_year - 1, this_year - 2]
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this_year
    return (year if year in offered else this_year), offered


class OrganisationDashboard(OrganisationAccessMixin, TemplateView):
    """Totals of a financial year, and each service with its state and usage."""

    template_name = "organisations/organisation_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year, offered = chosen_year(self.request)
        lines = slots.services_of(self.organisation)
        used = slots.usage_of([line.id for line in lines], year)
        text = self.request.GET.get("search", "").strip()[:255]
        live = [line for line in lines if line.state == "live"]
        shown = [line for line in live if text.lower() in line.name.lower()]
        total = sum(used.values(), start=ServiceUsage())
        context = {
            "year": year,
            "years": [(offer, f"{offer} to {offer + 1}") for offer in offered],
            "rows": [(line, used[line.id]) for line in shown],
            "live_count": len(live),
            "other_count": len(lines) - len(live),
            "pending_count": sum(line.state == "pending" for line in lines),
            "total": total,
            "total_cost": total.sms_cost + total.letter_cost,
            "search": text,
            "shows_search": len(live) >= SEARCH_FROM,
        }
        return super().get_context_data(**kwargs) | context


class UsageDownload(OrganisationAccessMixin, View):
    """The dashboard's figures as a spreadsheet."""

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        year, _ = chosen_year(request)
        lines = slots.services_of(self.organisation)
        used = slots.usage_of([line.id for line in lines], year)
        return csv_response(f"organisation-usage-{year}-{year + 1}.csv", _usage_rows(lines, used))


def _usage_rows(lines: list[slots.ServiceLine], used: dict[Any, ServiceUsage]) -> Any:
    yield (
        "Service ID",
        "Service name",
        "State",
        "Emails sent",
        "Text message parts sent",
        "Free text message allowance",
        "Free text message allowance left",
        "Spent on text messages (£)",
        "Letters sent",
        "Spent on letters (£)",
    )
    for line in lines:
        use = used[line.id]
        yield (
            str(line.id),
            line.name,
            line.state_label,
            use.emails,
            use.sms_fragments,
            use.sms_free_allowance,
            use.sms_allowance_left,
            _pounds(use.sms_cost),
            use.letters,
            _pounds(use.letter_cost),
        )


def _pounds(amount: Decimal) -> str:
    return f"{amount:.2f}"


class TrialServices(OrganisationAccessMixin, TemplateView):
    """Services that are not live yet, for the people who may make them so."""

    template_name = "organisations/trial_services.html"
    needs = MAKE_SERVICES_LIVE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = [line for line in slots.services_of(self.organisation) if line.state != "live"]
        return super().get_context_data(**kwargs) | {"lines": lines}


class GoLiveRequests(OrganisationAccessMixin, TemplateView):
    """Requests to go live that wait for this organisation's own approval."""

    template_name = "organisations/go_live_requests.html"
    needs = MAKE_SERVICES_LIVE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.organisation.can_approve_own_go_live_requests and not is_platform_staff(self.person, CHANGE):
            raise PermissionDenied
        waiting = slots.go_live_requests_of(self.organisation)
        return super().get_context_data(**kwargs) | {"waiting": waiting}


class OrganisationSettings(OrganisationAccessMixin, TemplateView):
    """What is known about the organisation. Staff change it in the back office."""

    template_name = "organisations/settings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation = self.organisation
        context = {
            "domains": list(organisation.domains.all()),
            "email_brands": list(organisation.email_brand_pool.filter(is_active=True)),
            "letter_brands": list(organisation.letter_brand_pool.filter(is_active=True)),
            "needs_no_agreement": organisation.agreement_signed is None,
        }
        return super().get_context_data(**kwargs) | context


class OrganisationAgreement(OrganisationAccessMixin, TemplateView):
    """The agreement to read, as accepted or to be accepted."""

    template_name = "organisations/agreement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = {"crown": True, "non-crown": False}.get(self.request.GET.get("version", ""))
        text = agreement.text_template(self.organisation, crown=asked)
        context = {"agreement_text": text, "agreement": agreement.CURRENT}
        return super().get_context_data(**kwargs) | context
