"""Your services, and adding one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from accounts import guardian
from accounts.access import PersonMixin
from notify.lib import clock
from notify.lib.views import ActionFormView
from organisations.queries import organisation_for_email
from organisations.queries import visible_to as organisations_visible_to
from services.actions import tour
from services.actions.create import create_service, may_add_service
from services.actions.lifecycle import UNDO_WINDOW
from services.enums import ServiceState
from services.forms.adding import AddServiceForm
from services.models import Service
from services.permissions import MANAGE_SERVICE


class ServiceListView(PersonMixin, TemplateView):
    """`/your-services`: where people land after signing in."""

    access = "signed_in"
    template_name = "services/service_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = list(Service.objects.visible_to(self.person).select_related("organisation").order_by("name"))
        return super().get_context_data(
            page_title="Your services",
            live=[service for service in mine if service.is_live],
            trial=[service for service in mine if not service.is_live],
            organisations=organisations_visible_to(self.person),
            may_add=may_add_service(self.person),
            may_join=self.may_join(),
            archived=self.archived(),
            **kwargs,
        )

    def may_join(self) -> bool:
        organisation = organisation_for_email(self.person.email)
        return organisation is not None and organisation.can_ask_to_join_a_service

    def archived(self) -> list[dict[str, Any]]:
        """Services the person can still restore."""
        since = clock.now() - UNDO_WINDOW
        recent = Service.objects.filter(archived_at__gt=since).exclude(state=ServiceState.LIVE)
        mine = guardian.objects_for(self.person, MANAGE_SERVICE, recent.with_member(self.person))
        return [{"service": each, "until": each.archived_at + UNDO_WINDOW} for each in mine if each.archived_at]


class AddServiceView(PersonMixin, TemplateView):
    """`/add-service`: what a service is and how it begins."""

    access = "signed_in"
    template_name = "services/add_service.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_add_service(self.person):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="Add a service", **kwargs)


class NameServiceView(PersonMixin, ActionFormView):
    """`/add-service/name-your-service`: the name, and the kind of organisation where it is not known."""

    access = "signed_in"
    form_class = AddServiceForm
    page_title = "Name your service"
    button = "Add service"
    layout = "base.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_add_service(self.person):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        email = self.person.email
        return super().get_form_kwargs() | {
            "asks_type": organisation_for_email(email) is None,
            "nhs_only": email.endswith((".nhs.uk", "@nhs.net")),
        }

    def get_back_href(self) -> str:
        return reverse("services:service-add")

    def act(self, form: AddServiceForm) -> HttpResponse:
        service = create_service(
            name=form.cleaned_data["name"],
            organisation_type=form.cleaned_data.get("organisation_type"),
            by=self.person,
        )
        first_steps = tour.begin(service, self.person)
        return redirect(first_steps or reverse("dashboard:service-dashboard", kwargs={"service_id": service.pk}))
