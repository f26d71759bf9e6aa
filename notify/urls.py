"""Every address of the platform. Each app keeps its own; this is where they meet."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("notify.api")),
    path("", include("accounts.urls")),
    path("", include("organisations.urls")),
    path("", include("branding.urls")),
    path("", include("services.urls")),
    path("", include("messaging.urls")),
    path("", include("callbacks.urls")),
    path("", include("dashboard.urls")),
]
