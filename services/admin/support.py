"""Support sessions in the back office."""

from django.contrib import admin

from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin
from services.access import CHANGE
from services.actions import support
from services.models import SupportSession


@admin.register(SupportSession)
class SupportSessionAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink("end", "End the session", support.end, CHANGE, shown=lambda session: session.is_running, danger=True),
    )
    list_display = ("service", "user", "may_act", "started_at", "expires_at", "ended_at")
    list_select_related = ("service", "user")
    list_filter = ("may_act",)
    search_fields = ("service__name", "user__email")
