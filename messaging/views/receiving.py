"""The settings pages of receiving texts."""

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from messaging import inbox
from messaging.actions.numbers import take_number
from notify.lib.refusals import ActionRefused
from services.access import ServiceAccessMixin
from services.permissions import MANAGE_SERVICE


class ReceivingView(ServiceAccessMixin, TemplateView):
    """What receiving texts is, and the service's number."""

    needs = MANAGE_SERVICE
    template_name = "messaging/receiving.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Receive text messages",
            nav_current="settings",
            number=inbox.number_of(self.service),
            back_href=reverse("services:settings", kwargs={"service_id": self.service.pk}),
            **kwargs,
        )


class StartReceivingView(ServiceAccessMixin, TemplateView):
    """Ask once, then take the next free number."""

    needs = MANAGE_SERVICE
    template_name = "messaging/receiving_start.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="When you receive text messages",
            nav_current="settings",
            layout="layouts/service.html",
            consequences=[
                "Your service gets a phone number of its own, and people can text it",
                "The number becomes the sender of your text messages, if you had no other of your own",
                "The texts arrive in an inbox that everybody who sees your dashboard can read",
                "People who reply STOP get no more text messages from your service",
            ],
            button="Get a number",
            back_href=self._back(),
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            number = take_number(self.service, by=request.user)
        except ActionRefused as refusal:
            flash.error(request, str(refusal))
            return redirect(self._back())
        flash.success(request, f"You can receive text messages at {number.number}")
        return redirect(self._back())

    def _back(self) -> str:
        return reverse("messaging:receiving", kwargs={"service_id": self.service.pk})
