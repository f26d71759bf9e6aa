"""The roof of the API: the public one at /v2, as its clients know it, and the management API at /api."""

from django.urls import URLPattern, path, re_path

from messaging.api import bulk, docs, letters, reading, received, sending, templates
from notify.lib.api_errors import not_found

v2: list[URLPattern] = [
    path("v2/notifications/sms", sending.SendTextView.as_view(), name="v2-send-sms"),
    path("v2/notifications/email", sending.SendEmailView.as_view(), name="v2-send-email"),
    path("v2/notifications/letter", letters.SendLetterView.as_view(), name="v2-send-letter"),
    path("v2/notifications/bulk", bulk.BulkView.as_view(), name="v2-bulk"),
    path("v2/notifications", reading.NotificationsView.as_view(), name="v2-notifications"),
    path("v2/notifications/<str:notification_id>", reading.NotificationView.as_view(), name="v2-notification"),
    path("v2/notifications/<str:notification_id>/pdf", letters.LetterPdfView.as_view(), name="v2-letter-pdf"),
    path("v2/notifications/<str:notification_id>/cancel", reading.CancelView.as_view(), name="v2-cancel"),
    path("v2/templates", templates.TemplatesView.as_view(), name="v2-templates"),
    path("v2/template/<str:template_id>", templates.TemplateView.as_view(), name="v2-template"),
    path(
        "v2/template/<str:template_id>/version/<int:version>",
        templates.TemplateVersionView.as_view(),
        name="v2-template-version",
    ),
    path("v2/template/<str:template_id>/preview", templates.PreviewView.as_view(), name="v2-template-preview"),
    path("v2/received-text-messages", received.ReceivedTextsView.as_view(), name="v2-received-texts"),
    path("unsubscribe/<str:notification_id>/<str:token>", received.UnsubscribeView.as_view(), name="unsubscribe"),
]

urlpatterns: list[URLPattern] = [
    *v2,
    path("api/schema", docs.SchemaView.as_view(), name="api-schema"),
    path("api/docs", docs.docs, name="api-docs"),
    # Whatever else is asked of the API gets its own "not found", in JSON.
    re_path(r"^(?:v2|api)(?:/[\s\S]*)?\Z", not_found, name="api-not-found"),
]
