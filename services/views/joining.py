"""Asking to join a service of one's organisation, and answering."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from django.views.generic.base import ContextMixin

from accounts.access import PersonMixin
from notify.lib.views import ActionFormView
from organisations.queries import organisation_for_email
from services.access import ServiceAccessMixin, is_member
from services.actions import joining
from services.forms.joining import AnswerForm, AskForm
from services.models import JoinRequest, Service
from services.permissions import MANAGE_SERVICE


class ChooseServiceView(PersonMixin, TemplateView):
    """`/join-a-service/choose`: the live services of one's organisation."""

    access = "signed_in"
    template_name = "services/join_choose.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        organisation = organisation_for_email(self.person.email)
        if organisation is None or not organisation.can_ask_to_join_a_service:
            raise PermissionDenied
        self.organisation = organisation
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("q", "").strip()
        found = joining.services_to_join(self.person)
        return super().get_context_data(
            page_title="Join a service",
            organisation=self.organisation,
            services=[each for each in found if asked.lower() in each.name.lower()],
            q=asked,
            has_search=len(found) > 7 or bool(asked),
            back_href=reverse("services:service-list"),
            **kwargs,
        )


class AskMixin(ContextMixin, PersonMixin):
    """Loads a service that the person may ask to join; 404 for all others."""

    access = "signed_in"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        service = Service.objects.select_related("organisation").filter(pk=kwargs["service_id"]).first()
        if service is None or not joining.may_ask_to_join(self.person, service):
            raise Http404
        if is_member(self.person, service):
            return redirect("dashboard:service-dashboard", service_id=service.pk)
        self.asked_service = service
        return super().dispatch(request, *args, **kwargs)


class AskView(AskMixin, ActionFormView):
    """`/services/<id>/join/ask`."""

    form_class = AskForm
    button = "Ask to join"
    layout = "base.html"

    def get_page_title(self) -> str:
        return f"Ask to join ‘{self.asked_service.name}’"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"service": self.asked_service}

    def get_back_href(self) -> str:
        return reverse("services:join-choose")

    def act(self, form: AskForm) -> None:
        data = form.cleaned_data
        joining.ask_to_join(
            self.asked_service,
            managers_asked=data["managers"],
            reason=data["reason"],
            by=self.person,
        )

    def get_success_url(self) -> str:
        return reverse("services:join-asked", kwargs={"service_id": self.asked_service.pk})


class AskedView(AskMixin, TemplateView):
    """`/services/<id>/join/you-have-asked`."""

    template_name = "services/join_asked.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = JoinRequest.objects.filter(
            service=self.asked_service,
            requester=self.person,
            status=JoinRequest.Status.PENDING,
        ).first()
        if request is None:
            raise Http404
        names = [str(person) for person in request.asked.all()]
        return super().get_context_data(
            page_title="You have asked to join", asked_service=self.asked_service, names=names, **kwargs
        )


class JoinRequestView(ServiceAccessMixin, ActionFormView):
    """`/services/<id>/join-requests/<id>`: a manager answers."""

    needs = MANAGE_SERVICE
    form_class = AnswerForm
    template_name = "services/join_request.html"
    button = "Save answer"
    done_message = "Your answer was saved, and they have been told"

    def get_request(self) -> JoinRequest:
        query = JoinRequest.objects.select_related("requester", "answered_by", "service")
        return get_object_or_404(query, pk=self.kwargs["request_id"], service=self.service)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"service": self.service, "methods": False}

    def get_page_title(self) -> str:
        return f"{self.get_request().requester} wants to join your team"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(join_request=self.get_request(), nav_current="team", **kwargs)

    def get_success_url(self) -> str:
        return reverse("services:member-list", kwargs={"service_id": self.service.pk})

    get_back_href = get_success_url

    def act(self, form: AnswerForm) -> HttpResponse | None:
        data = form.cleaned_data
        if data["answer"] == "approve":
            joining.approve_join(
                self.get_request(),
                permissions=data["permissions"],
                folders=form.chosen_folders(),
                by=self.person,
            )
        else:
            joining.refuse_join(self.get_request(), by=self.person)
        return None
