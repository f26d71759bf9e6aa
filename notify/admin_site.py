"""The back office: Django's admin under its own name, behind the normal sign-in, for superusers and staff in a group."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


class BackOffice(AdminSite):
    """`/admin/`. Signing in, and the second factor, are those of everybody else; there is no second door."""

    site_header = f"{settings.PLATFORM_NAME} back office"
    site_title = site_header
    index_title = "What is waiting"
    index_template = "admin/back_office_home.html"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Superusers, and staff who are in at least one group: a staff mark alone opens nothing."""
        user = request.user
        if not (user.is_active and user.is_staff):
            return False
        if user.is_superuser:
            return True
        if not hasattr(user, "_in_a_group"):
            user._in_a_group = user.groups.exists()
        return user._in_a_group

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the normal sign-in; refuse those who are signed in and may not be here with 403."""
        wanted = request.GET.get("next") or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted, settings.LOGIN_URL)
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponse(status=302, headers={"Location": reverse("admin:index")})

    def confirm_identity(self, request: HttpRequest) -> HttpResponse | None:
        """Where to send a person who has to prove again who they are before a sensitive action; None when they need not."""
        return None

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Passwords are changed on one's own account page."""
        return HttpResponse(status=302, headers={"Location": "/your-account"})
