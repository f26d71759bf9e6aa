"""Complaints, prices and messages set aside in the back office. Never the messages themselves."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Min
from django.urls import reverse

from accounts.models import User
from messaging.enums import Postage
from messaging.notifications.actions import rates, set_aside
from messaging.notifications.models import Complaint, LetterRate, SetAside, SmsRate
from notify.lib import back_office, clock
from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "service", "kind", "notification_id")
    list_select_related = ("service",)
    list_filter = ("kind",)
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
    action_links = (
        ActionLink("add", "Add a price", rates.add_sms_rate, "notifications.add_smsrate", SmsRateForm, on_list=True),
    )
    list_display = ("valid_from", "rate")


@admin.register(LetterRate)
class LetterRateAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink("add", "Add a price", rates.add_letter_rate, "notifications.add_letterrate", LetterRateForm, on_list=True),
    )
    list_display = ("valid_from", "postage", "sheets", "crown", "rate")
    list_filter = ("postage", "crown")


class WhyNotForm(forms.Form):
    reason = forms.CharField(label="Why it is not sent again", widget=forms.Textarea(attrs={"rows": 2}), max_length=500)


@admin.register(SetAside)
class SetAsideAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "retry",
            "Send again",
            set_aside.retry_set_aside,
            set_aside.CHANGE,
            explain="It is sent as a new message. Mend the cause first, or it comes back here.",
        ),
        ActionLink("drop", "Do not send", set_aside.drop_set_aside, set_aside.CHANGE, WhyNotForm, danger=True),
    )
    list_display = ("set_aside_at", "id", "service_id", "channel", "reason")
    list_filter = ("channel",)
    ordering = ("-set_aside_at",)


@back_office.waiting_readers.fill
def messages_set_aside(user: Any) -> Iterator[back_office.Waiting]:
    """Messages that could not be made, for those who look why."""
    if user.has_perm("notifications.view_setaside"):
        oldest = SetAside.objects.aggregate(at=Min("set_aside_at"))["at"]
        count = SetAside.objects.all()[:1000].count()
        yield back_office.Waiting("messages set aside", count, reverse("admin:notifications_setaside_changelist"), oldest)


@back_office.waiting_readers.fill
def recent_complaints(user: User) -> Iterator[back_office.Waiting]:
    """Complaints of the last week, for those who look after them."""
    if user.has_perm("notifications.view_complaint"):
        since = clock.now() - timedelta(days=7)
        count = Complaint.objects.filter(created_at__gte=since)[:1000].count()
        yield back_office.Waiting("complaints this week", count, reverse("admin:notifications_complaint_changelist"))
