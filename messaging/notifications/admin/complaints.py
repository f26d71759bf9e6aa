"""Complaints in the back office. Never the messages themselves."""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from messaging.notifications.models import Complaint
from notify.lib import back_office, clock
from notify.lib.admin import ReadOnlyAdmin


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "service", "kind", "notification_id")
    list_select_related = ("service",)
    list_filter = ("kind",)
    search_fields = ("service__name",)
    ordering = ("-id",)


@back_office.waiting_readers.fill
def recent_complaints(user: User) -> Iterator[back_office.Waiting]:
    """Complaints of the last week, for those who look after them."""
    if user.has_perm("notifications.view_complaint"):
        since = clock.now() - timedelta(days=7)
        count = Complaint.objects.filter(created_at__gte=since)[:1000].count()
        yield back_office.Waiting("complaints this week", count, reverse("admin:notifications_complaint_changelist"))
