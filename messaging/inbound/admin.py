"""Receiving numbers in the back office."""

from typing import Any

from django import forms
from django.contrib import admin

from audit.actors import Actor
from messaging.inbound.actions import numbers
from messaging.inbound.models import InboundNumber
from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin
from notify.lib.refusals import ActionRefused
from services.models import Service


class InboundNumberForm(forms.Form):
    number = forms.CharField(max_length=15)
    provider = forms.CharField(max_length=30)


class ServiceForm(forms.Form):
    service = forms.UUIDField(label="Id of the service")


def _allocate(number: InboundNumber, *, by: Actor, service: Any) -> InboundNumber:
    found = Service.objects.active().filter(pk=service).first()
    if found is None:
        raise ActionRefused("There is no service with this id")
    return numbers.allocate_inbound_number(number, service=found, by=by)


@admin.register(InboundNumber)
class InboundNumberAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "add", "Add a number", numbers.add_inbound_number, "inbound.add_inboundnumber", InboundNumberForm, on_list=True
        ),
        ActionLink(
            "allocate",
            "Give it to a service",
            _allocate,
            "inbound.change_inboundnumber",
            ServiceForm,
            shown=lambda number: number.service_id is None and number.is_active,
            explain="It becomes the service’s default text message sender, and the service can receive texts.",
        ),
        ActionLink(
            "release",
            "Take it back",
            numbers.release_inbound_number,
            "inbound.change_inboundnumber",
            shown=lambda number: number.service_id is not None,
            explain="The service stops receiving texts.",
            danger=True,
        ),
    )
    list_display = ("number", "provider", "service", "is_active", "created_at")
    list_select_related = ("service",)
    list_filter = ("provider", ("service", admin.EmptyFieldListFilter))
    search_fields = ("number", "service__name")
