"""Letters on the web: how a template looks on paper, and sending one."""

import base64
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import View

from content import placeholders, render_letter
from messaging.letters.actions.accept import accept_letter, letter_pdf, preview_letter
from messaging.letters.actions.checks import LetterRequest, check_may_send_letters
from messaging.letters.forms import OneLetterForm
from messaging.letters.typesetting import page_count, page_png, render_pdf
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.message_templates.queries.templates import content_of
from messaging.message_templates.views.templates import TemplatesMixin
from messaging.notifications.forms.error_messages import page_message
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.views.activity import NotificationDetailView
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from notify.lib.views import ActionFormView
from services.enums import Channel, KeyType
from services.permissions import SEND_MESSAGES


class LetterTemplateMixin(TemplatesMixin):
    """A letter template that the person may see, with its latest words."""

    def load(self) -> tuple[MessageTemplate, TemplateVersion]:
        template = self.get_template()
        if template.channel != Channel.LETTER:
            raise Http404
        return template, template.versions.select_related("letter_contact").get(number=template.version)

    def pdf(self, values: dict[str, Any]) -> bytes:
        """The letter with these values, gaps shown as they stand in the template."""
        template, version = self.load()
        letter = render_letter(content_of(template, version), values, formatted=version.formatted_placeholders)
        return render_pdf(letter, day=clock.local_day(), brand=self.service.letter_brand)


class TemplatePdfView(LetterTemplateMixin, View):
    """`/services/<id>/templates/<template>.pdf`."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = HttpResponse(self.pdf({}), content_type="application/pdf")
        response["Content-Disposition"] = "inline; filename=template.pdf"
        return response


class NotificationPdfView(NotificationDetailView):
    """A letter's file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            pdf = letter_pdf(self.get_notification())
        except MessageRefused as refusal:
            raise Http404 from refusal
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = "inline; filename=letter.pdf"
        return response


class OneLetterView(LetterTemplateMixin, ActionFormView):
    """Fill in, look at the page as it will be printed, send. In trial mode everything but sending works."""

    needs = SEND_MESSAGES
    form_class = OneLetterForm
    template_name = "letters/one_letter.html"
    button = "Continue"

    def get_page_title(self) -> str:
        return f"Send ‘{self.get_template().name}’"

    def get_back_href(self) -> str:
        return self.template_url(self.get_template())

    def get_form_kwargs(self) -> dict[str, Any]:
        template, version = self.load()
        return super().get_form_kwargs() | {"names": placeholders(content_of(template, version))}

    def act(self, form: OneLetterForm) -> HttpResponse:
        wanted = LetterRequest(
            service=self.service,
            template=self.load(),
            personalisation=form.personalisation(),
            by_id=self.person.pk,
        )
        try:
            if "confirm" not in self.request.POST:
                return self._show(form, wanted)
            accepted = accept_letter(wanted)
        except MessageRefused as refusal:
            about_values = refusal.code in _ABOUT_THE_VALUES
            words = page_message(refusal, self.service)
            raise ActionRefused(Reason(refusal.code, words, "" if about_values else "address")) from refusal
        key = {"service_id": self.service.pk, "notification_id": accepted.id}
        return redirect(reverse("notifications:notification-detail", kwargs=key))

    def _show(self, form: OneLetterForm, wanted: LetterRequest) -> HttpResponse:
        """The first page as it will be printed; what can be refused is refused here already."""
        pdf = self.pdf(dict(preview_letter(wanted).personalisation))
        context = self.get_context_data(
            form=form,
            picture=base64.b64encode(page_png(pdf)).decode(),
            pages=page_count(pdf),
            may_send=self._may_send(),
        )
        return self.render_to_response(context)

    def _may_send(self) -> bool:
        try:
            check_may_send_letters(self.service, KeyType.NORMAL)
        except MessageRefused:
            return False
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(template=self.get_template(), nav_current="templates", **kwargs)


_ABOUT_THE_VALUES = frozenset({"missing_personalisation", "empty", "trial_letter", "channel_off", "daily_limit", "suspended"})
