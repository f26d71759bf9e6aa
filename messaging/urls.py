"""Addresses of this app's pages."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

app_name = "messaging"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("messaging.receipt_urls")),
    path("services/<uuid:service_id>/branding/", include("messaging.urls_brand_preview")),
]

if settings.SANDBOX:
    urlpatterns.append(path("", include("messaging.sandbox_urls")))
