"""Addresses of this app's pages."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from messaging.views import activity, attached_files, documents, letters, one_off, template_copy, templates, tour

app_name = "messaging"

_templates: list[URLPattern | URLResolver] = [
    path("", templates.TemplateListView.as_view(), name="template-list"),
    path("/add", templates.TemplateAddView.as_view(), name="template-add"),
    path("/add-<slug:channel>", templates.TemplateCreateView.as_view(), name="template-create"),
    path("/preview-<slug:channel>", templates.TemplatePreviewView.as_view(), name="template-preview"),
    path("/copy", template_copy.TemplateCopyView.as_view(), name="template-copy"),
    path("/folders/add", templates.FolderCreateView.as_view(), name="folder-create"),
    path("/folders/<uuid:folder_id>", templates.TemplateListView.as_view(), name="folder-detail"),
    path("/folders/<uuid:folder_id>/add", templates.FolderCreateView.as_view(), name="folder-create-in"),
    path("/folders/<uuid:folder_id>/manage", templates.FolderManageView.as_view(), name="folder-manage"),
    path("/<uuid:template_id>", templates.TemplateDetailView.as_view(), name="template-detail"),
    path("/<uuid:template_id>.pdf", letters.TemplatePdfView.as_view(), name="template-pdf"),
    path("/<uuid:template_id>/edit", templates.TemplateEditView.as_view(), name="template-edit"),
    path("/<uuid:template_id>/draft", templates.TemplateDraftView.as_view(), name="template-draft"),
    path("/<uuid:template_id>/delete", templates.TemplateDeleteView.as_view(), name="template-delete"),
    path("/<uuid:template_id>/redact", templates.TemplateRedactView.as_view(), name="template-redact"),
    path("/<uuid:template_id>/move", templates.TemplateMoveView.as_view(), name="template-move"),
    path("/<uuid:template_id>/versions", templates.TemplateVersionsView.as_view(), name="template-versions"),
]

_activity: list[URLPattern | URLResolver] = [
    path("notifications", activity.NotificationListView.as_view(), name="notification-list"),
    path("notifications/<slug:channel>", activity.NotificationListView.as_view(), name="notification-list-of"),
    path("download-notifications.csv", activity.NotificationCsvView.as_view(), name="notification-download"),
    path("notification/<uuid:notification_id>", activity.NotificationDetailView.as_view(), name="notification-detail"),
    path(
        "notification/<uuid:notification_id>/status",
        activity.NotificationStatusView.as_view(),
        name="notification-status",
    ),
    path("notification/<uuid:notification_id>.pdf", activity.NotificationPdfView.as_view(), name="notification-pdf"),
]
_tour: list[URLPattern | URLResolver] = [
    path("", tour.TourView.as_view(), name="tour"),
    path("/step-<int:step>", tour.TourStepView.as_view(), name="tour-step"),
    path("/check", tour.TourCheckView.as_view(), name="tour-check"),
    path("/sent", tour.TourSentView.as_view(), name="tour-sent"),
    path("/end", tour.TourEndView.as_view(), name="tour-end"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("messaging.receipt_urls")),
    path("d/<uuid:file_id>/for-the-team", attached_files.team_file, name="team-file"),
    path("d/<uuid:document_id>/<str:key>", documents.document_page, name="document-page"),
    path("services/<uuid:service_id>/templates", include(_templates)),
    path("services/<uuid:service_id>/tour/<uuid:template_id>", include(_tour)),
    path("services/<uuid:service_id>/", include(_activity)),
    path("", include("messaging.suppression_urls")),
    path("services/<uuid:service_id>/", include("messaging.recipient_urls")),
    path("services/<uuid:service_id>/", include("messaging.inbox_urls")),
    path("services/<uuid:service_id>/", include("messaging.job_urls")),
    path(
        "services/<uuid:service_id>/send/<uuid:template_id>/one-letter",
        letters.OneLetterView.as_view(),
        name="one-letter",
    ),
    path("services/<uuid:service_id>/send/<uuid:template_id>/one-off", one_off.OneOffView.as_view(), name="one-off"),
    path("services/<uuid:service_id>/branding/", include("messaging.urls_brand_preview")),
]

if settings.SANDBOX:
    urlpatterns.append(path("", include("messaging.sandbox_urls")))
