"""Making a service live: the checklist, the request, the answer, and the timeline of it all."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import TemplateView

from accounts.access import PersonMixin
from accounts.email_domains import is_public_sector_email
from audit.models import AuditEvent
from audit.sentences import describe
from notify.lib.refusals import ActionRefused, PermissionRefused
from notify.lib.views import ActionFormView, ConfirmView
from services.access import ServiceAccessMixin, is_member, permissions_at
from services.actions import lifecycle, settings
from services.enums import ServiceState
from services.forms.adding import RestoreForm, ServiceNameForm
from services.forms.golive import DecisionForm, VolumesForm
from services.guards import checklist_complete
from services.models import ApiKey, Service
from services.permissions import MANAGE_SERVICE
from services.queries.team import current_memberships
from services.slots import checklist, usage

_TIMELINE = (
    "service.created",
    "service.go_live_requested",
    "service.go_live_withdrawn",
    "service.go_live_rejected",
    "service.went_live",
    "service.returned_to_trial",
    "service.suspended",
    "service.resumed",
    "service.archived",
    "service.restored",
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
    nav_current = "go-live"
    template_name = "services/go_live.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title="Make your service live",
            tasks=task_rows(self.service),
            is_ready=checklist_complete(self.service),
            may_ask=is_public_sector_email(self.person.email),
            timeline=timeline(self.service),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = lifecycle.withdraw_go_live if request.POST.get("verb") == "withdraw" else lifecycle.request_go_live
        try:
            act(self.service, by=self.person)
        except PermissionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except ActionRefused as refusal:
            self.service.refresh_from_db()
            return render(request, self.template_name, self.get_context_data(refusal=refusal), status=409)
        return redirect("services:go-live", service_id=self.service.pk)


class GoLiveDecisionView(PersonMixin, ActionFormView):
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
        if not lifecycle.may_answer_request(self.person, found):
            if is_member(self.person, found):
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
            lifecycle.approve_go_live(self.service, by=self.person)
        else:
            lifecycle.reject_go_live(self.service, reason=form.cleaned_data["reason"], by=self.person)

    def get_success_url(self) -> str:
        return reverse("services:go-live-decision", kwargs={"service_id": self.service.pk})


class ChecklistPageMixin(ServiceAccessMixin):
    needs = MANAGE_SERVICE
    nav_current = "go-live"

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
        with transaction.atomic():
            settings.rename(self.service, name=form.cleaned_data["name"], by=self.person)
            settings.confirm_unique(self.service, by=self.person)


class VolumesView(ChecklistPageMixin, ActionFormView):
    form_class = VolumesForm
    page_title = "How many messages do you expect to send in the next year?"

    def get_initial(self) -> dict[str, Any]:
        return {channel: getattr(self.service, f"volume_{channel}") for channel in ("email", "sms", "letter")}

    def act(self, form: VolumesForm) -> None:
        values = {channel: form.cleaned_data[channel] or 0 for channel in ("email", "sms", "letter")}
        settings.set_volumes(self.service, by=self.person, **values)


class ArchiveView(ServiceAccessMixin, ConfirmView):
    """`/services/<id>/service-settings/archive`: what will happen, before it happens."""

    needs = MANAGE_SERVICE
    nav_current = "settings"
    button = "Archive this service"
    done_message = "The service was archived. You can restore it for 7 days"

    def get_page_title(self) -> str:
        return f"Are you sure you want to archive ‘{self.service.name}’?"

    def get_back_href(self) -> str:
        return reverse("services:settings", kwargs={"service_id": self.service.pk})

    def get_consequences(self) -> list[str]:
        keys = ApiKey.objects.filter(service=self.service).usable().count()
        waits = usage.waiting(self.service)
        team = current_memberships(self.service).count()
        queued = f"{_count(waits.queued, 'message')} waiting to be sent now"
        scheduled = f"{_count(waits.scheduled, 'message')} scheduled for later"
        return [
            f"{_count(keys, 'API key')} will stop working at once, and will not come back if you restore the service",
            f"{queued}, and {scheduled}, will never be sent",
            f"{_count(team, 'team member')} will get an email, and nobody on your team can open the service any more",
            "The name becomes free for other services",
            "For 7 days you can restore the service from the page with your services",
        ]

    def act(self, form: Form) -> None:
        lifecycle.archive(self.service, by=self.person)

    def get_success_url(self) -> str:
        return reverse("services:service-list")


class RestoreView(PersonMixin, ActionFormView):
    """`/services/<id>/restore`: for whoever could archive it, while there is time."""

    access = "signed_in"
    form_class = RestoreForm
    button = "Restore this service"
    layout = "base.html"
    done_message = "The service was restored. Create new API keys where you need them"
    intro = "Its team can open it again. API keys stay revoked, and messages that were not sent stay unsent."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        found = Service.objects.filter(pk=kwargs["service_id"], archived_at__isnull=False).first()
        if found is None or MANAGE_SERVICE not in permissions_at(self.person, found):
            raise Http404
        self.service = found
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return f"Restore ‘{self.service.archived_name}’"

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.service.archived_name}

    def get_back_href(self) -> str:
        return reverse("services:service-list")

    def act(self, form: RestoreForm) -> None:
        lifecycle.restore(self.service, name=form.cleaned_data["name"], by=self.person)

    def get_success_url(self) -> str:
        return reverse("dashboard:service-dashboard", kwargs={"service_id": self.service.pk})


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
