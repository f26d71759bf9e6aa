"""Sending a failed message again."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from messaging.notifications.actions import resend
from messaging.notifications.forms.error_messages import page_message
from messaging.notifications.models import Notification
from messaging.notifications.queries import activity
from messaging.notifications.refusals import MessageRefused
from notify.lib.refusals import ActionRefused, Reason
from notify.lib.views import ActionFormView
from services.access import ServiceAccessMixin
from services.permissions import SEND_MESSAGES


class NotificationResendView(ServiceAccessMixin, ActionFormView):
    """Asks first: another message costs again and counts against the day's limit."""

    needs = SEND_MESSAGES
    page_title = "Send this message again?"
    intro = (
        "A new message with the same words goes to the same person. It counts against today’s limit, and a text message "
        "costs as usual."
    )
    button = "Send it again"

    def get_notification(self) -> Notification:
        found = activity.find(self.service, self.kwargs["notification_id"])
        if found is None or not resend.may_resend(found):
            raise Http404
        return found

    def detail_url(self, key: Any) -> str:
        return reverse("notifications:notification-detail", kwargs={"service_id": self.service.pk, "notification_id": key})

    def get_back_href(self) -> str:
        return self.detail_url(self.kwargs["notification_id"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.get_notification()
        return super().get(request, *args, **kwargs)

    def act(self, form: Form) -> HttpResponse:
        try:
            accepted = resend.resend(self.service, self.get_notification(), by=self.person)
        except MessageRefused as refusal:
            raise ActionRefused(Reason(refusal.code, page_message(refusal, self.service))) from refusal
        messages.success(self.request, "The message was sent again. This is the new one.")
        return redirect(self.detail_url(accepted.id))
