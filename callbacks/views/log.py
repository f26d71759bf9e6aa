"""The delivery log: what was told, how the team's system answered, and sending again."""

import json
from datetime import timedelta
from uuid import UUID

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from callbacks.actions.replay import replay
from callbacks.enums import DeliveryState
from callbacks.forms.endpoint import LogSearchForm, ReplayForm
from callbacks.models import CallbackDelivery
from callbacks.queries import PAGE, attempts_of, colour_of, endpoints_of, find_deliveries
from callbacks.views.endpoints import CallbackView
from notify.lib.refusals import ActionRefused
from notify.lib.views import add_refusal


def _uuid(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


class DeliveryList(CallbackView):
    """The log, newest first, with search."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = LogSearchForm(request.GET)
        wanted = form.cleaned_data if form.is_valid() else {}
        endpoint, before = _uuid(request.GET.get("endpoint", "")), _uuid(request.GET.get("before", ""))
        found = find_deliveries(
            self.service,
            search=wanted.get("search", ""),
            state=wanted.get("state", ""),
            endpoint=endpoint,
            before=before,
        )
        query = request.GET.copy()
        query.pop("before", None)
        more = len(found) > PAGE
        return self.page(
            "delivery_list",
            page_title="Callback log",
            form=form,
            rows=[(row, colour_of(row.state)) for row in found[:PAGE]],
            endpoint=next((e for e in endpoints_of(self.service) if e.pk == endpoint), None),
            searched=bool(wanted.get("search") or wanted.get("state")),
            next_href=f"?{query.urlencode()}&before={found[PAGE - 1].pk}" if more else "",
            back_href=self.url("endpoint-detail", endpoint_id=endpoint) if endpoint else self.url("callback-list"),
        )


class DeliveryDetail(CallbackView):
    """One callback: what it says, and every try with both sides."""

    def get(self, request: HttpRequest, delivery_id: UUID) -> HttpResponse:
        delivery = self._delivery(delivery_id)
        return self.page(
            "delivery_detail",
            page_title="Test callback" if delivery.is_test else "Callback",
            delivery=delivery,
            colour=colour_of(delivery.state),
            is_waiting=delivery.state in (DeliveryState.WAITING, DeliveryState.SENDING),
            body=json.dumps(delivery.body, indent=2),
            exchanges=attempts_of(delivery),
            back_href=f"{self.url('delivery-list')}?endpoint={delivery.endpoint_id}",
        )

    def post(self, request: HttpRequest, delivery_id: UUID) -> HttpResponse:
        """Send it again."""
        delivery = self._delivery(delivery_id)
        try:
            replay(delivery.endpoint, by=self.person, ids=[delivery.pk], only_failed=False)
        except ActionRefused as refusal:
            flash.error(request, str(refusal))
        else:
            flash.success(request, "This callback is being sent again")
        return redirect(self.url("delivery-detail", delivery_id=delivery.pk))

    def _delivery(self, delivery_id: UUID) -> CallbackDelivery:
        return get_object_or_404(
            CallbackDelivery.objects.select_related("endpoint__service"),
            pk=delivery_id,
            endpoint__service=self.service,
        )


class EndpointReplay(CallbackView):
    """Send a range of an endpoint's callbacks again."""

    def get(self, request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
        moment = timezone.localtime()
        day = {"since": moment - timedelta(days=1), "until": moment + timedelta(minutes=1)}
        return self._show(endpoint_id, ReplayForm(initial=day))

    def post(self, request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
        endpoint = self.endpoint(endpoint_id)
        form = ReplayForm(request.POST)
        if form.is_valid():
            try:
                count = replay(
                    endpoint,
                    by=self.person,
                    since=form.cleaned_data["since"],
                    until=form.cleaned_data["until"],
                    only_failed=form.cleaned_data["what"] == "failed",
                )
            except ActionRefused as refusal:
                add_refusal(form, refusal)
            else:
                flash.success(request, f"{count:,} callback{'' if count == 1 else 's'} sent again")
                return redirect(f"{self.url('delivery-list')}?endpoint={endpoint.pk}")
        return self._show(endpoint_id, form)

    def _show(self, endpoint_id: UUID, form: ReplayForm) -> HttpResponse:
        endpoint = self.endpoint(endpoint_id)
        return self.page(
            "endpoint_replay",
            page_title="Send callbacks again",
            form=form,
            button="Send again",
            intro=endpoint.url,
            back_href=self.url("endpoint-detail", endpoint_id=endpoint.pk),
        )
