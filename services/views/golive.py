"""Making a service live: the checklist, the request, the answer, and the timeline of it all."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import TemplateView, View

from audit.models import AuditEvent
from audit.sentences import describe
from notify.lib.refusals import ActionRefused, PermissionRefused
from notify.lib.views import ActionFormView, ConfirmView
from services import checklist
from services.access import ServiceAccessMixin, is_member
from services.actions import lifecycle, settings
from services.enums import ServiceState
from services.forms.pages import DecisionForm, ServiceNameForm, VolumesForm
from services.models import Service
from services.permissions import MANAGE_SERVICE

_TIMELINE = (
    "service.created",
    "service.go_live_requested",
    "service.go_live_withdrawn",
    "service.go_live_rejected",
    "service.went_live",
    "service.returned_to_trial",
    "service.suspended",
    "service.resumed",
)


def timeline(service: Service) -> list[dict[str, Any]]:
    """Who did what when on the way to live, the latest first."""
    events = AuditEvent.objects.filter(service_id=service.pk, name__in=_TIMELINE)[:30]
    return [{"at": event.created_at, "text": describe(event)} for event in events]


def task_rows(service: Service) -> list[dict[str, Any]]:
    """The checklist as the task list shows it."""
    return [
        {
            "label": each.item.label,
            "href": reverse(each.item.url_name, kwargs={"service_id": service.pk}),
            "is_done": each.is_done,
            "status": each.state.value,
        }
        for each in checklist.items(service)
    ]


class GoLiveView(ServiceAccessMixin, TemplateView):
    """`/services/<id>/make-your-service-live`."""

    needs = MANAGE_SERVICE
    template_name = "services/go_live.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Make your service live",
            tasks=task_rows(self.service),
            is_ready=not checklist.blockers(self.service),
            timeline=timeline(self.service),
            nav_current="go-live",
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = lifecycle.withdraw_go_live if request.POST.get("verb") == "withdraw" else lifecycle.request_go_live
        try:
            act(self.service, by=request.user)
        except PermissionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except ActionRefused as refusal:
            self.service.refresh_from_db()
            return render(request, self.template_name, self.get_context_data(refusal=refusal), status=409)
        return redirect("services:go-live", service_id=self.service.pk)


class GoLiveDecisionView(ActionFormView):
    """Where an approver reads a request and answers it."""

    access = "signed_in"
    form_class = DecisionForm
    template_name = "services/go_live_decision.html"
    page_title = "Answer the request to go live"
    button = "Save answer"
    layout = "base.html"
    done_message = "Your answer was saved, and the team has been told"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        found = Service.objects.select_related("organisation", "go_live_requested_by").filter(pk=kwargs["service_id"]).first()
        if found is None:
            raise Http404
        if not lifecycle.may_answer_request(request.user, found):
            if is_member(request.user, found):
                raise PermissionDenied
            raise Http404
        self.service = found
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            service=self.service,
            tasks=task_rows(self.service),
            timeline=timeline(self.service),
            is_open=self.service.state == ServiceState.PENDING,
            **kwargs,
        )

    def act(self, form: DecisionForm) -> None:
        if form.cleaned_data["answer"] == "approve":
            lifecycle.approve_go_live(self.service, by=self.request.user)
        else:
            lifecycle.reject_go_live(self.service, reason=form.cleaned_data["reason"], by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("services:go-live-decision", kwargs={"service_id": self.service.pk})


class ChecklistPageMixin(ServiceAccessMixin):
    needs = MANAGE_SERVICE

    def get_back_href(self) -> str:
        return reverse("services:go-live", kwargs={"service_id": self.service.pk})

    get_success_url = get_back_href


class ConfirmUniqueView(ChecklistPageMixin, ActionFormView):
    form_class = ServiceNameForm
    page_title = "Confirm that your service is unique"
    intro = (
        "The name should say what the service does, must not be used by another service, and should mean something to "
        "the people who get your messages."
    )
    button = "Confirm"

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.service.name}

    def act(self, form: ServiceNameForm) -> None:
        settings.rename(self.service, name=form.cleaned_data["name"], by=self.request.user)
        settings.confirm_unique(self.service, by=self.request.user)


class VolumesView(ChecklistPageMixin, ActionFormView):
    form_class = VolumesForm
    page_title = "How many messages do you expect to send in the next year?"

    def get_initial(self) -> dict[str, Any]:
        return {channel: getattr(self.service, f"volume_{channel}") for channel in ("email", "sms", "letter")}

    def act(self, form: VolumesForm) -> None:
        values = {channel: form.cleaned_data[channel] or 0 for channel in ("email", "sms", "letter")}
        settings.set_volumes(self.service, by=self.request.user, **values)


class ArchiveView(ChecklistPageMixin, ConfirmView):
    button = "Archive this service"

    def get_page_title(self) -> str:
        return f"Are you sure you want to archive ‘{self.service.name}’?"

    def get_consequences(self) -> list[str]:
        return [
            "All API keys stop working at once, and stay revoked",
            "Messages and spreadsheets that are waiting or scheduled will not be sent",
            "Nobody on your team will see the service any more",
            "You can restore it for 7 days by writing to the platform’s staff",
        ]

    def act(self, form: Any) -> None:
        lifecycle.archive(self.service, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("services:service-list")


class AgreementView(ServiceAccessMixin, View):
    """The data processing agreement is the organisation's; its page stands there."""

    needs = MANAGE_SERVICE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.service.organisation_id:
            return redirect("organisations:agreement-detail", organisation_id=self.service.organisation_id)
        return render(request, "services/agreement_later.html", {"service": self.service, "page_title": "Agreement"})
