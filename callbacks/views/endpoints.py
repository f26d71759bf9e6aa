"""Pages on which a team says where its callbacks go."""

from typing import Any
from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from callbacks import rules
from callbacks.actions import endpoints, replay, switching
from callbacks.enums import Kind
from callbacks.forms.endpoint import EndpointForm, FilteredEndpointForm
from callbacks.models import CallbackEndpoint
from callbacks.queries import endpoints_of, kinds_of
from notify.lib import clock
from notify.lib.refusals import ActionRefused
from notify.lib.views import add_refusal
from services.access import ServiceAccessMixin
from services.permissions import MANAGE_API_KEYS
from services.slots.navigation import navigation

# The addresses of the three pages.
SLUGS = {
    Kind.DELIVERY_STATUS: "delivery-status-callback",
    Kind.RECEIVED_TEXT: "received-text-messages-callback",
    Kind.RETURNED_LETTER: "returned-letters-callback",
}
KINDS = {slug: kind for kind, slug in SLUGS.items()}
TITLES = {
    Kind.DELIVERY_STATUS: "Callbacks for delivery receipts",
    Kind.RECEIVED_TEXT: "Callbacks for received text messages",
    Kind.RETURNED_LETTER: "Callbacks for returned letters",
}
EXPLANATIONS = {
    Kind.DELIVERY_STATUS: "When you send an email or text message, we can tell your system whether it was delivered.",
    Kind.RECEIVED_TEXT: "When somebody sends your service a text message, we can forward it to your system.",
    Kind.RETURNED_LETTER: "When a letter comes back undelivered, we can tell your system.",
}


class CallbackView(ServiceAccessMixin, View):
    """A page about callbacks: for members who manage the API integration."""

    needs = MANAGE_API_KEYS

    def page(self, template: str, **context: Any) -> HttpResponse:
        return render(
            self.request,
            f"callbacks/{template}.html",
            {
                "service": self.service,
                "held": self.held,
                "service_navigation": navigation(self.service, self.held, current="api"),
                "layout": "layouts/service.html",
                **context,
            },
        )

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"callbacks:{name}", kwargs={"service_id": self.service.pk, **kwargs})

    def endpoint(self, endpoint_id: UUID) -> CallbackEndpoint:
        return get_object_or_404(CallbackEndpoint.objects.select_related("service"), pk=endpoint_id, service=self.service)

    def kind_url(self, kind: str) -> str:
        return self.url("endpoint-form", slug=SLUGS[Kind(kind)])

    def back(self) -> str:
        """Where a kind's page leads back to: the chooser, or the API page where there is nothing to choose."""
        if len(kinds_of(self.service)) > 1:
            return self.url("callback-list")
        return reverse("services:api", kwargs={"service_id": self.service.pk})


class CallbackList(CallbackView):
    """What callbacks there are; straight to the only one where a service can have no other."""

    def get(self, request: HttpRequest) -> HttpResponse:
        kinds = kinds_of(self.service)
        if len(kinds) == 1:
            return redirect(self.kind_url(kinds[0]))
        found = endpoints_of(self.service)
        rows = [
            {
                "key": TITLES[kind],
                "value": "\n".join(self._line(e) for e in found if e.kind == kind) or "Not set",
                "href": self.kind_url(kind),
                "hidden": TITLES[kind].lower(),
            }
            for kind in kinds
        ]
        return self.page(
            "endpoint_list",
            page_title="Callbacks",
            rows=rows,
            has_endpoints=bool(found),
            back_href=reverse("services:api", kwargs={"service_id": self.service.pk}),
        )

    def _line(self, endpoint: CallbackEndpoint) -> str:
        return endpoint.url if endpoint.is_on else f"{endpoint.url} (off)"


class KindForm(CallbackView):
    """The page of one kind: URL and token of the first endpoint. An empty URL removes it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.kind = KINDS[kwargs.pop("slug")]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.kind not in kinds_of(self.service):
            return redirect(self.url("callback-list"))
        first = next(iter(endpoints_of(self.service, self.kind)), None)
        return self._show(EndpointForm(endpoint=first))

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.kind not in kinds_of(self.service):
            return redirect(self.url("callback-list"))
        first = next(iter(endpoints_of(self.service, self.kind)), None)
        form = EndpointForm(request.POST, endpoint=first)
        if not form.is_valid():
            return self._show(form)
        if form.removes:
            if first is not None:
                endpoints.remove_endpoint(first, by=self.person)
                flash.success(request, "Callback removed")
            return redirect(self.back())
        try:
            if first is None:
                first = endpoints.add_endpoint(
                    self.service,
                    kind=self.kind,
                    url=form.cleaned_data["url"],
                    bearer_token=form.cleaned_data["bearer_token"],
                    by=self.person,
                )
            else:
                first = endpoints.change_endpoint(first, url=form.cleaned_data["url"], bearer_token=form.token, by=self.person)
        except ActionRefused as refusal:
            add_refusal(form, refusal)
            return self._show(form)
        flash.success(request, "Callback saved")
        return redirect(self.url("endpoint-detail", endpoint_id=first.pk))

    def _show(self, form: EndpointForm) -> HttpResponse:
        found = endpoints_of(self.service, self.kind)
        return self.page(
            "endpoint_form",
            page_title=TITLES[self.kind],
            intro=EXPLANATIONS[self.kind],
            form=form,
            button="Save",
            endpoint=form.endpoint,
            others=found[1:],
            may_add=bool(found),
            slug=SLUGS[self.kind],
            back_href=self.back(),
        )


class EndpointAdd(CallbackView):
    """One more endpoint of a kind, with filters."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.kind = KINDS[kwargs.pop("slug")]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.kind not in kinds_of(self.service):
            return redirect(self.url("callback-list"))
        return self._show(FilteredEndpointForm(kind=self.kind))

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.kind not in kinds_of(self.service):
            return redirect(self.url("callback-list"))
        form = FilteredEndpointForm(request.POST, kind=self.kind)
        if form.is_valid():
            try:
                added = endpoints.add_endpoint(
                    self.service,
                    kind=self.kind,
                    by=self.person,
                    url=form.cleaned_data["url"],
                    bearer_token=form.cleaned_data["bearer_token"],
                    statuses=form.cleaned_data.get("statuses", ()),
                    key_types=form.cleaned_data.get("key_types", ()),
                )
            except ActionRefused as refusal:
                add_refusal(form, refusal)
            else:
                flash.success(request, "Callback added")
                return redirect(self.url("endpoint-detail", endpoint_id=added.pk))
        return self._show(form)

    def _show(self, form: FilteredEndpointForm) -> HttpResponse:
        return self.page(
            "endpoint_change",
            page_title="Add a callback URL",
            form=form,
            button="Add",
            back_href=self.kind_url(self.kind),
        )


class EndpointChange(CallbackView):
    """An endpoint's address, token and filters."""

    def get(self, request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
        endpoint = self.endpoint(endpoint_id)
        return self._show(endpoint, FilteredEndpointForm(kind=endpoint.kind, endpoint=endpoint))

    def post(self, request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
        endpoint = self.endpoint(endpoint_id)
        form = FilteredEndpointForm(request.POST, kind=endpoint.kind, endpoint=endpoint)
        if form.is_valid():
            try:
                endpoints.change_endpoint(
                    endpoint,
                    by=self.person,
                    url=form.cleaned_data["url"],
                    bearer_token=form.token,
                    statuses=form.cleaned_data.get("statuses"),
                    key_types=form.cleaned_data.get("key_types"),
                )
            except ActionRefused as refusal:
                add_refusal(form, refusal)
            else:
                flash.success(request, "Callback saved")
                return redirect(self.url("endpoint-detail", endpoint_id=endpoint.pk))
        return self._show(endpoint, form)

    def _show(self, endpoint: CallbackEndpoint, form: FilteredEndpointForm) -> HttpResponse:
        return self.page(
            "endpoint_change",
            page_title="Change a callback",
            form=form,
            button="Save",
            back_href=self.url("endpoint-detail", endpoint_id=endpoint.pk),
        )


class EndpointDetail(CallbackView):
    """One endpoint: its settings, its health, its signing secret, and what can be done with it."""

    def get(self, request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
        endpoint = self.endpoint(endpoint_id)
        overlap = endpoint.previous_secret_until
        return self.page(
            "endpoint_detail",
            page_title=TITLES[Kind(endpoint.kind)],
            endpoint=endpoint,
            rows=self._rows(endpoint),
            overlap=overlap if overlap and overlap > clock.now() else None,
            off_days=rules.OFF_AFTER.days,
            back_href=self.kind_url(endpoint.kind),
        )

    def _rows(self, endpoint: CallbackEndpoint) -> list[dict[str, str]]:
        change = self.url("endpoint-change", endpoint_id=endpoint.pk)
        rows = [
            {"key": "URL", "value": endpoint.url, "href": change},
            {"key": "Bearer token", "value": "Set", "href": change},
        ]
        if endpoint.kind == Kind.DELIVERY_STATUS:
            statuses, key_types = ", ".join(endpoint.statuses), ", ".join(endpoint.key_types)
            rows += [
                {"key": "Statuses", "value": statuses or "All", "href": change},
                {"key": "API key types", "value": key_types or "All", "href": change},
            ]
        return rows


class EndpointDo(CallbackView):
    """The buttons of an endpoint's page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, endpoint_id: UUID, verb: str) -> HttpResponse:
        endpoint = self.endpoint(endpoint_id)
        here = redirect(self.url("endpoint-detail", endpoint_id=endpoint.pk))
        try:
            if verb == "test":
                delivery = replay.send_test(endpoint, by=self.person)
                return redirect(self.url("delivery-detail", delivery_id=delivery.pk))
            if verb == "secret":
                endpoints.change_secret(endpoint, by=self.person)
                flash.success(request, "There is a new signing secret. The one before works for another 24 hours.")
            elif verb == "on":
                switching.switch_on(endpoint, by=self.person)
                flash.success(request, "Callback switched on")
            elif verb == "off":
                switching.switch_off(endpoint, by=self.person)
                flash.success(request, "Callback switched off")
        except ActionRefused as refusal:
            flash.error(request, str(refusal))
        return here


class EndpointRemove(CallbackView):
    """Ask once, then remove an endpoint."""

    def get(self, request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
        endpoint = self.endpoint(endpoint_id)
        return self.page(
            "endpoint_confirm_delete",
            page_title="Are you sure you want to remove this callback?",
            intro=endpoint.url,
            consequences=["Your system gets no more callbacks at this URL", "The log of this callback is deleted"],
            button="Remove",
            back_href=self.url("endpoint-detail", endpoint_id=endpoint.pk),
        )

    def post(self, request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
        endpoint = self.endpoint(endpoint_id)
        endpoints.remove_endpoint(endpoint, by=self.person)
        flash.success(request, "Callback removed")
        return redirect(self.kind_url(endpoint.kind))
