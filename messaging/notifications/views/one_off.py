"""Sending one message: fill in, look at it as it will arrive, send."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe

from content import placeholders, render_preview_html, render_sms, render_subject_preview
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.message_templates.queries.templates import content_of
from messaging.message_templates.views.templates import TemplatesMixin
from messaging.notifications.actions.accept import accept, preview
from messaging.notifications.actions.checks import MessageRequest
from messaging.notifications.forms.error_messages import page_message
from messaging.notifications.forms.one_off import OneOffForm
from messaging.notifications.links import replies
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import read_recipient
from notify.lib.refusals import ActionRefused, Reason
from notify.lib.views import ActionFormView
from services.enums import Channel
from services.permissions import SEND_MESSAGES
from services.rules import sms_prefix


class OneOffView(TemplatesMixin, ActionFormView):
    """`/services/<id>/send/<template>/one-off`. The first post shows the message; the second, with `confirm`, sends it."""

    needs = SEND_MESSAGES
    form_class = OneOffForm
    template_name = "notifications/one_off.html"
    button = "Continue"

    def load(self) -> tuple[MessageTemplate, TemplateVersion]:
        template = self.get_template(archived=False)
        return template, template.versions.select_related("letter_contact").get(number=template.version)

    def get_page_title(self) -> str:
        return f"Send ‘{self.get_template().name}’"

    def get_back_href(self) -> str:
        return self.template_url(self.get_template())

    def get_form_kwargs(self) -> dict[str, Any]:
        template, version = self.load()
        user = self.person
        own = user.mobile_number if template.channel == Channel.SMS else user.email
        return super().get_form_kwargs() | {
            "service": self.service,
            "channel": template.channel,
            "names": placeholders(content_of(template, version)),
            "own": own,
        }

    def get_initial(self) -> dict[str, Any]:
        user = self.person
        if answered := self.request.GET.get("reply"):
            return {"recipient": replies.number_of(self.service, answered)}
        if self.request.GET.get("to") == "me":
            return {"recipient": user.mobile_number if self.load()[0].channel == Channel.SMS else user.email}
        return {}

    def request_of(self, form: OneOffForm) -> MessageRequest:
        template, version = self.load()
        channel = template.channel
        sender = form.cleaned_data.get("sender")
        return MessageRequest(
            service=self.service,
            channel=channel,
            template=(template, version),
            recipient=read_recipient(channel, form.cleaned_data["recipient"]),
            personalisation=form.personalisation(),
            by_id=self.person.pk,
            sms_sender_id=sender.pk if sender and channel == Channel.SMS else None,
            email_reply_to_id=sender.pk if sender and channel == Channel.EMAIL else None,
            guest_list=False,
        )

    def act(self, form: OneOffForm) -> HttpResponse:
        try:
            wanted = self.request_of(form)
            if "confirm" not in self.request.POST:
                return self.show(form, wanted)
            accepted = accept(wanted)
        except MessageRefused as refusal:
            field = "recipient" if refusal.code in _ABOUT_THE_RECIPIENT else refusal.reasons[0].field
            raise ActionRefused(Reason(refusal.code, page_message(refusal, self.service), field)) from refusal
        return redirect(
            reverse(
                "notifications:notification-detail",
                kwargs={"service_id": self.service.pk, "notification_id": accepted.id},
            )
        )

    def show(self, form: OneOffForm, wanted: MessageRequest) -> HttpResponse:
        """The message as it will arrive; everything that can be refused is refused here already."""
        ready = preview(wanted)
        content, values, recipient = ready.content, ready.personalisation, ready.recipient
        formatted = ready.version.formatted_placeholders
        prefix = sms_prefix(self.service) if wanted.channel == Channel.SMS else None
        html = render_preview_html(content, values, formatted=formatted, prefix=prefix)
        shown: dict[str, Any] = {
            "channel": wanted.channel,
            "preview": mark_safe(html),  # safe HTML of the text engine
            "subject": mark_safe(render_subject_preview(content, values)) if content.subject else "",
        }
        parts = None
        if wanted.channel == Channel.SMS:
            rendered = render_sms(content, values, prefix=prefix, formatted=formatted)
            parts = rendered.fragments * recipient.rate_multiplier
        return self.render_to_response(
            self.get_context_data(
                form=form, message=shown, recipient=recipient, parts=parts, international=recipient.international
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(template=self.get_template(), nav_current="templates", **kwargs)


_ABOUT_THE_RECIPIENT = frozenset({"team_only", "trial_mode", "international", "landline", "suppressed"})
