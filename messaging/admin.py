"""Providers, receiving numbers, complaints, returned letters and prices in the back office. Never the messages themselves."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse

from messaging.actions import rates, staff
from messaging.enums import Postage
from messaging.models import Complaint, InboundNumber, LetterRate, ProviderState, ReturnedLetter, SmsRate
from notify.lib import back_office, clock
from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin
from notify.lib.refusals import ActionRefused
from services.enums import Channel
from services.models import Service

CHANGE_PROVIDER = "messaging.change_providerstate"


class WhyForm(forms.Form):
    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}), max_length=500)


class SharesForm(WhyForm):
    channel = forms.ChoiceField(choices=Channel.choices)
    shares = forms.CharField(
        label="Shares",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One provider on each line with its percentage, like “sandbox 100”. All together make 100.",
    )
    field_order = ("channel", "shares", "reason")


class NumberForm(forms.Form):
    number = forms.CharField(max_length=15)
    provider = forms.CharField(max_length=30)


class ServiceForm(forms.Form):
    service = forms.UUIDField(label="Id of the service")


class ReferencesForm(forms.Form):
    references = forms.CharField(label="References", widget=forms.Textarea(attrs={"rows": 10}), help_text="One on each line.")


def _set_shares(*, by: Any, channel: str, shares: str, reason: str) -> None:
    wanted = {}
    for line in filter(None, map(str.strip, shares.splitlines())):
        name, _, number = line.rpartition(" ")
        if not number.rstrip("%").isdecimal() or len(number) > 4:
            raise ActionRefused(f"‘{line[:60]}’ is not a provider with a percentage")
        wanted[name.strip()] = int(number.rstrip("%"))
    staff.set_shares(channel, shares=wanted, reason=reason, by=by)


def _switch(is_active: bool) -> Any:
    def action(state: ProviderState, *, by: Any, reason: str) -> ProviderState:
        return staff.switch_provider(state, is_active=is_active, reason=reason, by=by)

    return action


def _allocate(number: InboundNumber, *, by: Any, service: Any) -> InboundNumber:
    found = Service.objects.filter(pk=service, archived_at=None).first()
    if found is None:
        raise ActionRefused("There is no service with this id")
    return staff.allocate_inbound_number(number, service=found, by=by)


def _report_returned(*, by: Any, references: str) -> None:
    staff.report_returned_letters(references=references.splitlines(), by=by)


@admin.register(ProviderState)
class ProviderStateAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink("shares", "Share out the traffic", _set_shares, CHANGE_PROVIDER, SharesForm, on_list=True, sensitive=True),
        ActionLink("on", "Switch on", _switch(True), CHANGE_PROVIDER, WhyForm, shown=lambda state: not state.is_active),
        ActionLink(
            "off",
            "Switch off",
            _switch(False),
            CHANGE_PROVIDER,
            WhyForm,
            shown=lambda state: state.is_active,
            explain="Messages go to the other providers of the channel at once.",
            danger=True,
            sensitive=True,
        ),
    )
    list_display = ("name", "channel", "share", "is_active", "updated_at")
    list_filter = ("channel", "is_active")


@admin.register(InboundNumber)
class InboundNumberAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink("add", "Add a number", staff.add_inbound_number, "messaging.add_inboundnumber", NumberForm, on_list=True),
        ActionLink(
            "allocate",
            "Give it to a service",
            _allocate,
            "messaging.change_inboundnumber",
            ServiceForm,
            shown=lambda number: number.service_id is None and number.is_active,
            explain="It becomes the service’s default text message sender, and the service can receive texts.",
        ),
        ActionLink(
            "release",
            "Take it back",
            staff.release_inbound_number,
            "messaging.change_inboundnumber",
            shown=lambda number: number.service_id is not None,
            explain="The service stops receiving texts.",
            danger=True,
        ),
    )
    list_display = ("number", "provider", "service", "is_active", "created_at")
    list_select_related = ("service",)
    list_filter = ("provider", ("service", admin.EmptyFieldListFilter))
    search_fields = ("number", "service__name")


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "service", "kind", "notification_id")
    list_select_related = ("service",)
    list_filter = ("kind",)
    search_fields = ("service__name",)
    ordering = ("-id",)


@admin.register(ReturnedLetter)
class ReturnedLetterAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "report",
            "Report returned letters",
            _report_returned,
            "messaging.add_returnedletter",
            ReferencesForm,
            on_list=True,
            explain="Their services see them in their reports, and callbacks are sent.",
        ),
    )
    list_display = ("reported_at", "service", "notification_id")
    list_select_related = ("service",)
    search_fields = ("service__name",)
    ordering = ("-id",)


class SmsRateForm(forms.Form):
    valid_from = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), help_text="Today or later.")
    rate = forms.DecimalField(decimal_places=5, max_digits=8, help_text="Pounds for one part of a text message.")


class LetterRateForm(SmsRateForm):
    postage = forms.ChoiceField(choices=Postage.choices)
    sheets = forms.IntegerField(min_value=1, max_value=rates.MOST_SHEETS)


@admin.register(SmsRate)
class SmsRateAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (ActionLink("add", "Add a price", rates.add_sms_rate, "messaging.add_smsrate", SmsRateForm, on_list=True),)
    list_display = ("valid_from", "rate")


@admin.register(LetterRate)
class LetterRateAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink("add", "Add a price", rates.add_letter_rate, "messaging.add_letterrate", LetterRateForm, on_list=True),
    )
    list_display = ("valid_from", "postage", "sheets", "crown", "rate")
    list_filter = ("postage", "crown")


@back_office.register_waiting
def recent_complaints(user: Any) -> Iterator[back_office.Waiting]:
    """Complaints of the last week, for those who look after them."""
    if user.has_perm("messaging.view_complaint"):
        since = clock.now() - timedelta(days=7)
        count = Complaint.objects.filter(created_at__gte=since)[:1000].count()
        yield back_office.Waiting("complaints this week", count, reverse("admin:messaging_complaint_changelist"))
