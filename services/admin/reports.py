"""What waits, figures, search and the report of live services in the back office."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from accounts.models import User
from notify.lib import back_office, clock
from organisations.slots import ServiceUsage, usage_of
from services.admin.service_actions import APPROVE, VIEW
from services.enums import ServiceState
from services.models import BrandRequest, Service


@back_office.waiting_readers.fill
def what_waits(user: User) -> Iterator[back_office.Waiting]:
    """Go-live requests and wishes for brands."""
    if user.has_perm(APPROVE):
        waiting = Service.objects.active().filter(state=ServiceState.PENDING)
        found = waiting.aggregate(count=Count("pk"), oldest=Min("go_live_requested_at"))
        address = reverse("admin:services_service_changelist") + "?standing=waiting"
        yield back_office.Waiting("go-live requests", found["count"], address, found["oldest"])
    if user.has_perm("services.change_brandrequest"):
        found = BrandRequest.objects.filter(answered_at=None).aggregate(count=Count("pk"), oldest=Min("created_at"))
        address = reverse("admin:services_brandrequest_changelist") + "?answered_at__isempty=1"
        yield back_office.Waiting("requests for a brand", found["count"], address, found["oldest"])


@back_office.figure_readers.fill
def how_many_services() -> Iterator[back_office.Figure]:
    counts = Service.objects.active().aggregate(
        live=Count("pk", filter=Q(state=ServiceState.LIVE, counts_as_live=True)),
        trial=Count("pk", filter=~Q(state=ServiceState.LIVE)),
        suspended=Count("pk", filter=Q(suspended_at__isnull=False)),
    )
    address = reverse("admin:services_service_changelist")
    yield back_office.Figure("live services", f"{counts['live']:,}", url=f"{address}?standing=live")
    yield back_office.Figure("services in trial", f"{counts['trial']:,}", url=f"{address}?standing=trial")
    if counts["suspended"]:
        yield back_office.Figure("suspended services", f"{counts['suspended']:,}", "warn", url=f"{address}?standing=suspended")


@back_office.finders.fill
def find_services(text: str, user: User) -> Iterator[back_office.Found]:
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
    live = Service.objects.active().filter(state=ServiceState.LIVE, counts_as_live=True)
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
