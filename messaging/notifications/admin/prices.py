"""Prices in the back office."""

from django import forms
from django.contrib import admin

from messaging.enums import Postage
from messaging.notifications.actions import rates
from messaging.notifications.models import LetterRate, SmsRate
from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin


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
