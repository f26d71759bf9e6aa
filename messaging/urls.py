"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "messaging"
urlpatterns: list[URLPattern | URLResolver] = [
    path("services/<uuid:service_id>/branding/", include("messaging.urls_brand_preview")),
]
