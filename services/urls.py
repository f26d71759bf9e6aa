"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, include, path

from services.views import support

app_name = "services"
urlpatterns: list[URLPattern | URLResolver] = [
    path("services/<uuid:service_id>/branding/", include("services.urls_branding")),
    path("support-session/end", support.end_support_session, name="support-session-end"),
]
