"""Addresses of letters, returned letters and the previews of brands, below /services/<id>/."""

from django.urls import URLPattern, URLResolver, include, path

from messaging.letters.views import brand_preview, letters, returned_letters

app_name = "letters"

_service: list[URLPattern | URLResolver] = [
    path("templates/<uuid:template_id>.pdf", letters.TemplatePdfView.as_view(), name="template-pdf"),
    path("notification/<uuid:notification_id>.pdf", letters.NotificationPdfView.as_view(), name="notification-pdf"),
    path("send/<uuid:template_id>/one-letter", letters.OneLetterView.as_view(), name="one-letter"),
    path("returned-letters", returned_letters.ReturnedLettersView.as_view(), name="returned-letters"),
    path(
        "returned-letters/<str:reported_on>.csv",
        returned_letters.ReturnedLettersCsvView.as_view(),
        name="returned-letters-download",
    ),
    path("returned-letters/<str:reported_on>", returned_letters.ReturnedLettersDayView.as_view(), name="returned-letters-day"),
    path("branding/email/example", brand_preview.EmailExample.as_view(), name="brand-preview-email"),
    path("branding/letter/example.png", brand_preview.LetterExample.as_view(), name="brand-preview-letter"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("services/<uuid:service_id>/", include(_service))]
