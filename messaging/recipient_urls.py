"""Addresses of sending again, returned letters and templates' files, below /services/<id>/: included by messaging.urls."""

from django.urls import URLPattern, URLResolver, include, path

from messaging.views import attached_files, resend, returned_letters

_files: list[URLPattern | URLResolver] = [
    path("", attached_files.TemplateFilesView.as_view(), name="template-files"),
    path("/upload", attached_files.TemplateFileAddView.as_view(), name="template-file-add"),
    path("/<uuid:file_id>", attached_files.TemplateFileView.as_view(), name="template-file"),
    path("/<uuid:file_id>/make-live", attached_files.TemplateFileUseView.as_view(), name="template-file-use"),
    path("/<uuid:file_id>/remove", attached_files.TemplateFileRemoveView.as_view(), name="template-file-remove"),
    path("/<uuid:file_id>/download", attached_files.TemplateFileDownloadView.as_view(), name="template-file-download"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("templates/<uuid:template_id>/files", include(_files)),
    path(
        "notification/<uuid:notification_id>/send-again",
        resend.NotificationResendView.as_view(),
        name="notification-resend",
    ),
    path("returned-letters", returned_letters.ReturnedLettersView.as_view(), name="returned-letters"),
    path(
        "returned-letters/<str:reported_on>.csv",
        returned_letters.ReturnedLettersCsvView.as_view(),
        name="returned-letters-download",
    ),
    path("returned-letters/<str:reported_on>", returned_letters.ReturnedLettersDayView.as_view(), name="returned-letters-day"),
]
