"""Requests for brands in the back office."""

from django.contrib import admin

from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin
from services.actions import branding
from services.admin.forms import BrandRequestAnswerForm
from services.models import BrandRequest


@admin.register(BrandRequest)
class BrandRequestAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "answer",
            "Mark as done",
            branding.answer_brand_request,
            "services.change_brandrequest",
            BrandRequestAnswerForm,
            shown=lambda request: request.answered_at is None,
        ),
    )
    list_display = ("service", "kind", "requested_by", "created_at", "answered_at")
    list_select_related = ("service", "requested_by")
    list_filter = (("answered_at", admin.EmptyFieldListFilter), "kind")
    search_fields = ("service__name",)
