"""Received texts: the inbox, conversations, and answering with a template."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.views.generic import TemplateView, View

from messaging.inbound import queries
from messaging.message_templates.models import MessageTemplate
from messaging.notifications.links import replies
from notify.lib.csv_files import csv_response
from notify.lib.text import uk_number
from services.access import ServiceAccessMixin
from services.enums import Channel, ServicePermission
from services.permissions import SEND_MESSAGES, VIEW_ACTIVITY


class ReceivingMixin(ServiceAccessMixin):
    """For services that may receive texts; the others get 403."""

    needs = VIEW_ACTIVITY

    def check_receives(self) -> None:
        if not self.service.has_permission(ServicePermission.INBOUND_SMS):
            raise PermissionDenied

    def other_side(self) -> queries.Correspondent:
        """Whose conversation the address names. Raises Http404 for nobody's."""
        found = queries.person_of(self.service, self.kwargs["item_id"])
        if found is None:
            raise Http404
        return found

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"inbound:{name}", kwargs={"service_id": self.service.pk, **kwargs})


class InboxView(ReceivingMixin, TemplateView):
    """`/services/<id>/inbox`: the last text of each person."""

    template_name = "inbound/inbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.check_receives()
        given = self.request.GET.get("before", "")
        try:
            before = UUID(given) if given else None
        except ValueError:
            raise Http404 from None
        found = queries.latest_of_each(self.service, before=before)
        return super().get_context_data(
            page_title="Received text messages",
            nav_current="inbox",
            texts=found[: queries.PAGE],
            number=queries.number_of(self.service),
            next_href=f"?before={found[queries.PAGE - 1].pk}" if len(found) > queries.PAGE else "",
            is_first=before is None,
            **kwargs,
        )


class InboxRowsView(InboxView):
    """The list alone, for the page that refreshes itself."""

    template_name = "inbound/inbox_rows.html"


class InboxCsvView(ReceivingMixin, View):
    """Every received text, as a file."""

    def get(self, request: HttpRequest, **kwargs: Any) -> StreamingHttpResponse:
        self.check_receives()
        return csv_response("received-text-messages.csv", queries.export(self.service))


class ConversationView(ReceivingMixin, TemplateView):
    """`/services/<id>/conversation/<item>`: what was said with one person, the oldest first."""

    template_name = "inbound/conversation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.other_side()
        return super().get_context_data(
            page_title=uk_number(person.number),
            nav_current="inbox",
            lines=queries.conversation(self.service, person),
            may_reply=self.may(SEND_MESSAGES) and person.number.isdigit(),
            back_href=self.url("inbox")
            if self.service.has_permission(ServicePermission.INBOUND_SMS)
            else reverse("notifications:notification-list", kwargs={"service_id": self.service.pk}),
            **kwargs,
        )


class ConversationLinesView(ConversationView):
    """The conversation alone, for the page that refreshes itself."""

    template_name = "inbound/conversation_lines.html"


class ReplyView(ReceivingMixin, TemplateView):
    """Choose the text template to answer with."""

    needs = SEND_MESSAGES
    template_name = "inbound/conversation_reply.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.other_side()
        templates = MessageTemplate.objects.usable().filter(service=self.service, channel=Channel.SMS).order_by("name")
        return super().get_context_data(
            page_title="Choose a template to reply with",
            nav_current="inbox",
            number=uk_number(person.number),
            templates=templates,
            reply=replies.sign_number(self.service, queries.number_to_answer(person)),
            back_href=self.url("conversation", item_id=self.kwargs["item_id"]),
            **kwargs,
        )
