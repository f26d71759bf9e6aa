"""Addresses of the brand previews, below /services/<id>/branding."""

from django.urls import path

from messaging.views import brand_preview

urlpatterns = [
    path("email/example", brand_preview.EmailExample.as_view(), name="brand-preview-email"),
    path("letter/example.png", brand_preview.LetterExample.as_view(), name="brand-preview-letter"),
]
