"""Complaints and prices in the back office. Never the messages themselves."""

from collections.abc import Iterator
from datetime import timedelta

from django import forms
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from messaging.enums import Postage
from messaging.notifications.actions import rates
from messaging.notifications.models import Complaint, LetterRate, SmsRate
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


@back_office.waiting_readers.fill
def recent_complaints(user: User) -> Iterator[back_office.Waiting]:
    """Complaints of the last week, for those who look after them."""
    if user.has_perm("notifications.view_complaint"):
        since = clock.now() - timedelta(days=7)
        count = Complaint.objects.filter(created_at__gte=since)[:1000].count()
        yield back_office.Waiting("complaints this week", count, reverse("admin:notifications_complaint_changelist"))
