"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, re_path

from branding.views import logos

app_name = "branding"
urlpatterns: list[URLPattern | URLResolver] = [
    re_path(r"^brand-images/(?P<name>[0-9a-f-]{36}-[0-9a-f]{16}(?:_[A-Za-z0-9]{7})?\.png)$", logos.logo, name="logo"),
]
