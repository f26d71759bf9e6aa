"""Sent messages: lists, search, one message, and the file of them all."""

from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.generic import TemplateView, View

from content import render_preview_html, render_subject_preview
from messaging.message_templates.queries.templates import content_of, version_of
from messaging.notifications.actions.resend import may_resend, resent_as
from messaging.notifications.models import Notification
from messaging.notifications.queries import activity
from notify.lib.crypto import keyed_hash
from notify.lib.csv_files import csv_response
from notify.lib.views import uuid_or_404
from services.access import ServiceAccessMixin
from services.enums import Channel
from services.permissions import SEND_MESSAGES, VIEW_ACTIVITY

# How long a search term is remembered; it never stands in an address (reference: web-ui §7).
SEARCH_SECONDS = 7 * 24 * 3600


class NotificationListView(ServiceAccessMixin, TemplateView):
    """`/services/<id>/notifications[/<channel>]`."""

    template_name = "notifications/notification_list.html"

    def get_channel(self) -> str | None:
        channel = self.kwargs.get("channel")
        if channel is not None and channel not in Channel.values:
            raise Http404
        return channel

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        channel, chosen = self.get_channel(), self.request.GET.get("status", "")
        if chosen not in activity.STATUS_GROUPS:
            raise Http404
        key = self.request.GET.get("search", "")
        term = cache.get(_search_key(self.service.pk, key)) if key else None
        page = activity.page(
            self.service,
            channel=channel,
            group=chosen,
            search=term,
            before=uuid_or_404(self.request.GET.get("before")),
        )
        return super().get_context_data(
            page_title="Sent messages",
            chosen_channel=channel,
            channels=[(c.value, c.label, c == channel) for c in Channel],
            groups=[(key_, label, key_ == chosen) for key_, label in activity.STATUS_GROUPS.items()],
            rows=page.rows,
            next_href=self._next(page.next_key, chosen) if page.next_key else "",
            search=term or "",
            may_view_activity=self.may(VIEW_ACTIVITY),
            nav_current="activity",
            **kwargs,
        )

    def _next(self, key: UUID, chosen: str) -> str:
        return f"?status={chosen}&before={key}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Search: the term is kept on the server and its key goes into the address."""
        term = request.POST.get("to", "").strip()[:320]
        if not term:
            return redirect(request.path)
        key = keyed_hash("search", f"{self.service.pk}{term}").hex()
        cache.set(_search_key(self.service.pk, key), term, SEARCH_SECONDS)
        return redirect(f"{request.path}?search={key}")


class NotificationCsvView(ServiceAccessMixin, View):
    """Every message of a channel within its retention, streamed."""

    needs = VIEW_ACTIVITY

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        channel = request.GET.get("channel", "")
        chosen = request.GET.get("status", "")
        if channel not in Channel.values or chosen not in activity.STATUS_GROUPS:
            raise Http404
        return csv_response(f"{channel}-messages.csv", activity.export(self.service, channel=channel, group=chosen))


class NotificationDetailView(ServiceAccessMixin, TemplateView):
    """One message: what it says, where it stands, and how it got there."""

    template_name = "notifications/notification_detail.html"

    def get_notification(self) -> Notification:
        found = activity.find(self.service, self.kwargs["notification_id"])
        if found is None or not self.held & {VIEW_ACTIVITY, SEND_MESSAGES}:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notification = self.get_notification()
        template, version = version_of(notification.template_id, notification.template_version)
        content = activity.opened([notification]).get(notification.pk, {})
        values = {} if template.redacts_personalisation else content.get("personalisation", {})
        words = content_of(template, version)
        html = render_preview_html(words, values, formatted=version.formatted_placeholders)
        return super().get_context_data(
            page_title=template.name,
            notification=notification,
            template=template,
            message={
                "channel": notification.channel,
                "preview": mark_safe(html),  # safe HTML of the text engine
                "subject": mark_safe(render_subject_preview(words, values)) if words.subject else "",
            },
            recipient=activity.recipient_of(content),
            status=activity.status_label(notification),
            timeline=activity.timeline(notification),
            is_done=notification.state.is_final,
            pdf_href=self._pdf_href(notification),
            **self._again(notification),
            nav_current="activity",
            **kwargs,
        )

    def _again(self, notification: Notification) -> dict[str, Any]:
        """Whether it can be sent again, or as which message it was."""
        failed = may_resend(notification)
        newer = resent_as(notification) if failed else None
        return {"may_resend": failed and not newer and self.may(SEND_MESSAGES), "resent_as": newer}

    def _pdf_href(self, notification: Notification) -> str:
        if notification.channel != Channel.LETTER:
            return ""
        key = {"service_id": self.service.pk, "notification_id": notification.pk}
        return reverse("letters:notification-pdf", kwargs=key)


class NotificationStatusView(NotificationDetailView):
    """The part of the page that refreshes while the message is on its way."""

    template_name = "notifications/notification_status.html"


def _search_key(service_id: UUID, key: str) -> str:
    return f"activity-search:{service_id}:{key}"
