"""People a service does not contact, and what recipients asked for by the link in an email."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages as flash
from django.db.models import Count, Max, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.generic import TemplateView, View

from messaging.message_templates.models import MessageTemplate
from messaging.notifications.actions import suppression
from messaging.notifications.enums import SuppressionReason
from messaging.notifications.forms.suppression import AddForm, ImportForm
from messaging.notifications.models import Suppression, UnsubscribeRequest
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import read_recipient
from notify.lib.csv_files import csv_response
from notify.lib.views import ActionFormView
from services.access import ServiceAccessMixin
from services.enums import Channel
from services.permissions import MANAGE_SERVICE, VIEW_ACTIVITY

PAGE = 50


class SuppressionMixin(ServiceAccessMixin):
    needs = VIEW_ACTIVITY

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"notifications:{name}", kwargs={"service_id": self.service.pk, **kwargs})


class SuppressionListView(SuppressionMixin, TemplateView):
    """`/services/<id>/not-contacted`: the newest first, filtered by reason, found by the exact recipient."""

    template_name = "notifications/suppression_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Suppression.objects.filter(service=self.service).order_by("-id")
        reason = self.request.GET.get("reason", "")
        if reason in SuppressionReason.values:
            found = found.filter(reason=reason)
        search = self.request.GET.get("search", "").strip()[:320]
        if search:
            found = found.filter(recipient_hash__in=_hashes(search))
        before = _key(self.request.GET.get("before", ""))
        rows = list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
        query = self.request.GET.copy()
        query["before"] = str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""
        return super().get_context_data(
            page_title="People you do not contact",
            nav_current="settings",
            rows=rows[:PAGE],
            reasons=SuppressionReason.choices,
            reason=reason,
            search=search,
            next_href=f"?{query.urlencode()}" if len(rows) > PAGE else "",
            may_change=MANAGE_SERVICE in self.held,
            **kwargs,
        )


def _hashes(search: str) -> list[bytes]:
    """The recipient as an address and as a number, whichever it may be."""
    found = []
    for channel in suppression.CHANNELS:
        try:
            found.append(read_recipient(channel, search).hash)
        except MessageRefused:
            continue
    return found


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404 from None


class SuppressionFormView(SuppressionMixin, ActionFormView):
    """A form that leads back to the list."""

    needs = MANAGE_SERVICE
    nav_current = "settings"

    def get_back_href(self) -> str:
        return self.url("suppression-list")

    def get_success_url(self) -> str:
        return self.url("suppression-list")


class SuppressionAddView(SuppressionFormView):
    form_class = AddForm
    page_title = "Do not contact somebody"
    button = "Add to the list"

    def act(self, form: AddForm) -> str:
        data = form.cleaned_data
        suppression.add(self.service, channel=data["channel"], recipient=data["recipient"], by=self.person)
        return "Added to the list of people you do not contact"


class SuppressionImportView(SuppressionFormView):
    form_class = ImportForm
    page_title = "Import people not to contact"
    button = "Import"

    def act(self, form: ImportForm) -> str:
        data = form.cleaned_data
        count = suppression.import_recipients(self.service, channel=data["channel"], recipients=data["file"], by=self.person)
        return f"{count:,} {'person was' if count == 1 else 'people were'} added to the list"


class SuppressionRemoveView(SuppressionMixin, TemplateView):
    """Asks first."""

    needs = MANAGE_SERVICE
    template_name = "layouts/confirm_page.html"

    def found(self) -> Suppression:
        found = Suppression.objects.filter(pk=self.kwargs["suppression_id"], service=self.service).first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.found()
        return super().get_context_data(
            page_title=f"Are you sure you want to contact {found.recipient} again?",
            intro=f"They are on the list because: {found.get_reason_display().lower()}.",
            button="Yes, take them off the list",
            back_href=self.url("suppression-list"),
            layout="layouts/service.html",
            nav_current="settings",
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        suppression.remove(self.found(), by=self.person)
        flash.success(request, "Taken off the list")
        return redirect(self.url("suppression-list"))


class SuppressionCsvView(SuppressionMixin, View):
    """The whole list as a spreadsheet."""

    def get(self, request: HttpRequest, **kwargs: Any) -> StreamingHttpResponse:
        return csv_response("people-not-contacted.csv", self._rows())

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        yield ("Recipient", "Channel", "Reason", "Since")
        for row in Suppression.objects.filter(service=self.service).order_by("-id").iterator(chunk_size=1000):
            yield (row.recipient, Channel(row.channel).label, row.get_reason_display(), row.created_at.isoformat())


# --- Unsubscribe requests ---------------------------------------------------------------------------------------------
class UnsubscribeRequestsView(SuppressionMixin, TemplateView):
    """What waits for the team's own lists, and what was dealt with."""

    template_name = "notifications/unsubscribe_requests.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = UnsubscribeRequest.objects.filter(service=self.service)
        waiting = mine.filter(processed_at=None).aggregate(count=Count("pk"), first=Min("created_at"), last=Max("created_at"))
        done = (
            mine.exclude(processed_at=None)
            .order_by()
            .values("processed_at", "processed_by__name")
            .annotate(count=Count("pk"), first=Min("created_at"), last=Max("created_at"))
            .order_by("-processed_at")[:PAGE]
        )
        return super().get_context_data(
            page_title="Email unsubscribe requests", nav_current="activity", waiting=waiting, done=list(done), **kwargs
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            until = parse_datetime(request.POST.get("until", ""))
        except ValueError:
            until = None
        if until is None or until.tzinfo is None:
            raise Http404
        count = suppression.mark_processed(self.service, until=until, by=self.person)
        flash.success(request, f"{count:,} {'request was' if count == 1 else 'requests were'} marked as dealt with")
        return redirect(self.url("unsubscribe-requests"))


class UnsubscribeRequestsCsvView(SuppressionMixin, View):
    """The requests that wait, or with `?all=1` all of them."""

    def get(self, request: HttpRequest, **kwargs: Any) -> StreamingHttpResponse:
        found = UnsubscribeRequest.objects.filter(service=self.service).order_by("id")
        wanted = found if "all" in request.GET else found.filter(processed_at=None)
        return csv_response("unsubscribe-requests.csv", self._rows(wanted))

    def _rows(self, found: QuerySet[UnsubscribeRequest]) -> Iterator[tuple[Any, ...]]:
        yield ("Email address", "Template", "Request received", "Dealt with")
        names = dict(MessageTemplate.objects.filter(service=self.service).values_list("pk", "name"))
        for row in found.iterator(chunk_size=1000):
            done = row.processed_at.isoformat() if row.processed_at else ""
            yield (row.email_address, names.get(row.template_id, ""), row.created_at.isoformat(), done)
