"""The pages of the tour: look at the example, fill it in, send it to oneself, leave."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.generic import TemplateView, View

from content import placeholders, render_preview_html
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.message_templates.queries.templates import content_of
from messaging.notifications.actions.accept import accept
from messaging.notifications.actions.checks import MessageRequest
from messaging.notifications.actions.tour import STEPS, end_tour, example_of
from messaging.notifications.forms.error_messages import page_message
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import read_recipient
from notify.lib.refusals import ActionRefused, Reason
from notify.lib.views import ActionFormView
from services.access import ServiceAccessMixin
from services.enums import Channel
from services.permissions import MANAGE_TEMPLATES, SEND_MESSAGES
from services.rules import sms_prefix


class StepForm(forms.Form):
    """The value of one placeholder."""

    value = forms.CharField(required=True, max_length=200)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = name
        self.fields["value"].error_messages["required"] = f"Enter {name}"


class TourMixin(ServiceAccessMixin):
    """Loads the example. There is no tour for people without a number to send a text to."""

    needs = SEND_MESSAGES
    step = 0
    kwargs: dict[str, Any]

    def load(self) -> tuple[MessageTemplate, TemplateVersion]:
        if not self.person.mobile_number:
            raise Http404
        template = example_of(self.service, self.kwargs["template_id"])
        return template, template.versions.get(number=template.version)

    def names(self) -> list[str]:
        return placeholders(content_of(*self.load()))

    @property
    def key(self) -> str:
        return f"tour-{self.kwargs['template_id']}"

    def values(self) -> dict[str, str]:
        """What was filled in so far; kept in the session only."""
        found: dict[str, str] = self.request.session.get(self.key, {})
        return found

    def tour_url(self, name: str, **more: Any) -> str:
        key = {"service_id": self.service.pk, "template_id": self.kwargs["template_id"], **more}
        return reverse(f"notifications:{name}", kwargs=key)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        template, version = self.load()
        content = content_of(template, version)
        html = render_preview_html(content, self.values() or None, prefix=sms_prefix(self.service))
        context: dict[str, Any] = super().get_context_data(
            template=template,
            preview=mark_safe(html),
            steps=[{"number": n, "text": text, "current": n == self.step} for n, text in enumerate(STEPS, start=1)],
            recipient=self.person.mobile_number,
            end_href=self.tour_url("tour-end"),
            may_end=self.may(MANAGE_TEMPLATES),
            **kwargs,
        )
        # The steps stand where the links of the service are on other pages.
        return context | {"service_navigation": []}


class TourView(TourMixin, TemplateView):
    template_name = "notifications/tour.html"
    step = 1

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        request.session.pop(self.key, None)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        next_href = self.tour_url("tour-step", step=1)
        return super().get_context_data(page_title="Try sending yourself this example", next_href=next_href, **kwargs)


class TourStepView(TourMixin, ActionFormView):
    """One placeholder on each step."""

    template_name = "notifications/tour_step.html"
    form_class = StepForm
    button = "Continue"
    step = 2

    def name(self) -> str:
        names, number = self.names(), self.kwargs["step"]
        if not 1 <= number <= len(names):
            raise Http404
        return names[number - 1]

    def get_page_title(self) -> str:
        return "Try sending yourself this example"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"name": self.name()}

    def get_initial(self) -> dict[str, Any]:
        return {"value": self.values().get(self.name(), "")}

    def get_back_href(self) -> str:
        number = self.kwargs["step"]
        return self.tour_url("tour-step", step=number - 1) if number > 1 else self.tour_url("tour")

    def act(self, form: StepForm) -> HttpResponse:
        self.request.session[self.key] = self.values() | {self.name(): form.cleaned_data["value"]}
        number = self.kwargs["step"]
        is_last = number == len(self.names())
        return redirect(self.tour_url("tour-check") if is_last else self.tour_url("tour-step", step=number + 1))


class TourCheckView(TourMixin, ActionFormView):
    """The message as it will arrive, and the button that really sends it."""

    template_name = "notifications/tour_step.html"
    form_class = forms.Form
    button = "Send 1 text message"
    step = 2

    def get_page_title(self) -> str:
        return "Check your message"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        missing = [number for number, name in enumerate(self.names(), start=1) if name not in self.values()]
        if missing:
            return redirect(self.tour_url("tour-step", step=missing[0]))
        return super().get(request, *args, **kwargs)

    def get_back_href(self) -> str:
        return self.tour_url("tour-step", step=len(self.names()))

    def act(self, form: forms.Form) -> HttpResponse:
        user = self.person
        try:
            accept(
                MessageRequest(
                    service=self.service,
                    channel=Channel.SMS,
                    template=self.load(),
                    recipient=read_recipient(Channel.SMS, user.mobile_number),
                    personalisation=self.values(),
                    by_id=user.pk,
                    guest_list=False,
                )
            )
        except MessageRefused as refusal:
            raise ActionRefused(Reason(refusal.code, page_message(refusal, self.service))) from refusal
        self.request.session.pop(self.key, None)
        return redirect(self.tour_url("tour-sent"))


class TourSentView(TourMixin, TemplateView):
    template_name = "notifications/tour_sent.html"
    step = 3

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="We have sent you the message", **kwargs)


class TourEndView(ServiceAccessMixin, View):
    """The way out: deletes the example and goes to the dashboard."""

    needs = MANAGE_TEMPLATES
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        end_tour(example_of(self.service, kwargs["template_id"]), by=self.person)
        return redirect("dashboard:service-dashboard", service_id=self.service.pk)
