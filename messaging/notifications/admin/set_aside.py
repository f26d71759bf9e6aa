"""Messages that were set aside, in the back office."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Min
from django.urls import reverse

from messaging.notifications.actions import set_aside
from messaging.notifications.models import SetAside
from notify.lib import back_office
from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin


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
