"""Every address of the platform. Each app keeps its own; this is where they meet."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from notify.lib.access import public
from notify.views import platform, set_up, styleguide

urlpatterns = [
    path("", platform.home, name="home"),
    path("healthz", platform.healthz, name="healthz"),
    path("platform.css", platform.colours, name="platform-colours"),
    path("platform-icon.svg", platform.icon, name="platform-icon"),
    path("_styleguide", styleguide.styleguide, name="styleguide"),
    path("admin", public(RedirectView.as_view(url="/admin/"))),
    path("platform/set-up", set_up.set_up, name="platform-set-up"),
    path("admin/", admin.site.urls),
    path("", include("notify.api")),
    path("", include("accounts.urls")),
    path("", include("organisations.urls")),
    path("", include("branding.urls")),
    path("", include("services.urls")),
    path("", include("messaging.message_templates.urls")),
    path("", include("messaging.providers.urls")),
    path("", include("messaging.notifications.urls")),
    path("", include("messaging.letters.urls")),
    path("", include("messaging.jobs.urls")),
    path("", include("messaging.inbound.urls")),
    path("", include("callbacks.urls")),
    path("", include("dashboard.urls")),
]
if settings.SANDBOX:
    urlpatterns.append(path("", include("messaging.sandbox.urls")))

handler400 = "notify.views.errors.bad_request"
handler403 = "notify.views.errors.forbidden"
handler404 = "notify.views.errors.not_found"
