"""The audit trail in the back office: to read, never to write."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from audit.models import AuditEvent
from audit.sentences import describe
from notify.lib.admin import ReadOnlyAdmin
from notify.lib.back_office import as_uuid


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "what_happened", "name")
    list_display_links = ("what_happened",)
    fields = (
        "created_at", "what_happened", "name", "actor_label", "subject_label", "subject_type", "subject_id", "service_id",
        "organisation_id", "support_session_id", "data",
    )  # fmt: skip
    readonly_fields = ("what_happened",)
    list_filter = ("actor_kind",)
    # Exact matches only: this table is the largest of the back office, and each of these has an index.
    search_fields = ("subject_id__exact",)
    search_help_text = "An id of a service, an organisation, a person or any other thing; or an exact name of an event"
    ordering = ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent], search_term: str
    ) -> tuple[QuerySet[AuditEvent], bool]:
        """By ids through their indexes; a word is taken for the name of an event."""
        text = search_term.strip()
        if not text:
            return queryset, False
        key = as_uuid(text)
        if key is None:
            return queryset.filter(name=text), False
        found = (
            Q(service_id=key) | Q(organisation_id=key) | Q(actor_id=key) | Q(subject_id=str(key)) | Q(support_session_id=key)
        )
        return queryset.filter(found), False

    @admin.display(description="what happened")
    def what_happened(self, event: AuditEvent) -> str:
        return describe(event)
