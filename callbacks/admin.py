"""Services' endpoints and what could not be delivered, in the back office: to read."""

from django.contrib import admin

from callbacks.models import CallbackDelivery, CallbackEndpoint
from notify.lib.admin import ReadOnlyAdmin


@admin.register(CallbackEndpoint)
class CallbackEndpointAdmin(ReadOnlyAdmin):
    list_display = ("service", "kind", "url", "is_on", "off_reason", "failing_since", "failures")
    list_select_related = ("service",)
    list_filter = ("kind", "is_on", ("failing_since", admin.EmptyFieldListFilter))
    search_fields = ("service__name", "url")
    # Secrets are named nowhere: what is not listed is not shown.
    fields = (
        "service", "kind", "url", "statuses", "key_types", "is_on", "off_at", "off_reason", "failing_since", "failures",
        "rest_until", "warned_at", "created_at", "created_by",
    )  # fmt: skip


@admin.register(CallbackDelivery)
class CallbackDeliveryAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "endpoint",
        "status",
        "state",
        "attempts",
        "last_status_code",
        "last_problem",
        "next_attempt_at",
    )
    list_select_related = ("endpoint",)
    list_filter = ("state",)
    ordering = ("-id",)
    # The payload says to whom a message went, so it is not shown.
    fields = (
        "endpoint", "subject_id", "status", "channel", "is_test", "created_at", "state", "attempts", "next_attempt_at",
        "last_status_code", "last_problem", "finished_at",
    )  # fmt: skip
