"""Addresses of templates, folders and the files of templates."""

from django.urls import URLPattern, URLResolver, include, path

from messaging.message_templates.views import attachments, copying, templates

app_name = "message_templates"

_files: list[URLPattern | URLResolver] = [
    path("", attachments.TemplateFilesView.as_view(), name="template-files"),
    path("/upload", attachments.TemplateFileAddView.as_view(), name="template-file-add"),
    path("/<uuid:file_id>", attachments.TemplateFileView.as_view(), name="template-file"),
    path("/<uuid:file_id>/make-live", attachments.TemplateFileUseView.as_view(), name="template-file-use"),
    path("/<uuid:file_id>/remove", attachments.TemplateFileRemoveView.as_view(), name="template-file-remove"),
    path("/<uuid:file_id>/download", attachments.TemplateFileDownloadView.as_view(), name="template-file-download"),
]
_templates: list[URLPattern | URLResolver] = [
    path("", templates.TemplateListView.as_view(), name="template-list"),
    path("/add", templates.TemplateAddView.as_view(), name="template-add"),
    path("/add-<slug:channel>", templates.TemplateCreateView.as_view(), name="template-create"),
    path("/preview-<slug:channel>", templates.TemplatePreviewView.as_view(), name="template-preview"),
    path("/copy", copying.TemplateCopyView.as_view(), name="template-copy"),
    path("/folders/add", templates.FolderCreateView.as_view(), name="folder-create"),
    path("/folders/<uuid:folder_id>", templates.TemplateListView.as_view(), name="folder-detail"),
    path("/folders/<uuid:folder_id>/add", templates.FolderCreateView.as_view(), name="folder-create-in"),
    path("/folders/<uuid:folder_id>/manage", templates.FolderManageView.as_view(), name="folder-manage"),
    path("/<uuid:template_id>", templates.TemplateDetailView.as_view(), name="template-detail"),
    path("/<uuid:template_id>/edit", templates.TemplateEditView.as_view(), name="template-edit"),
    path("/<uuid:template_id>/draft", templates.TemplateDraftView.as_view(), name="template-draft"),
    path("/<uuid:template_id>/delete", templates.TemplateDeleteView.as_view(), name="template-delete"),
    path("/<uuid:template_id>/redact", templates.TemplateRedactView.as_view(), name="template-redact"),
    path("/<uuid:template_id>/move", templates.TemplateMoveView.as_view(), name="template-move"),
    path("/<uuid:template_id>/versions", templates.TemplateVersionsView.as_view(), name="template-versions"),
    path("/<uuid:template_id>/files", include(_files)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("d/<uuid:file_id>/for-the-team", attachments.team_file, name="team-file"),
    path("services/<uuid:service_id>/templates", include(_templates)),
]
