"""The back office: Django's admin under its own name, behind the normal sign-in, for superusers and staff in a group."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.sign_in import reauthentication
from notify.admin_groups import OUR_APPS
from notify.lib import back_office
from notify.lib.csv_files import csv_response

logger = logging.getLogger(__name__)


class BackOffice(AdminSite):
    """`/admin/`. Signing in, and the second factor, are those of everybody else; there is no second door."""

    site_header = f"{settings.PLATFORM_NAME} back office"
    site_title = site_header
    index_title = "Back office"
    index_template = "admin/back_office_home.html"
    enable_nav_sidebar = True

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        """Only our own models: what other packages offer can be edited past the actions."""
        models: list[type[Model]] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label in OUR_APPS]
        super().register(ours, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Superusers, and staff who are in at least one group: a staff mark alone opens nothing."""
        return isinstance(request.user, User) and request.user.may_enter_back_office

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the normal sign-in; refuse those who are signed in and may not be here with 403."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"), settings.LOGIN_URL)
        if not self.has_permission(request):
            raise PermissionDenied("Only the platform’s staff can open the back office")
        return HttpResponseRedirect(reverse("admin:index"))

    # Django's stubs know a page here, and no redirect.
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """There is one way to sign out."""
        return HttpResponseRedirect("/sign-out")

    # Django's stubs know a page here, and no redirect.
    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """Passwords are changed on one's own account page."""
        return HttpResponseRedirect("/your-account")

    def confirm_identity(self, request: HttpRequest) -> HttpResponse | None:
        """Where to send a person who has to prove again who they are before a sensitive action; None when they need not."""
        return reauthentication.ask_again(request)

    def get_urls(self) -> list[Any]:
        return [
            path("find/", self.admin_view(self.find_view), name="find"),
            path("reports/", self.admin_view(self.reports_view), name="reports"),
            path("reports/<slug:slug>/", self.admin_view(self.report_view), name="report"),
            *super().get_urls(),
        ]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits for this person, and how the platform is doing."""
        home = {
            "waiting": _all(back_office.waiting_readers, request.user),
            "figures": _all(back_office.figure_readers),
            "charts": _all(back_office.chart_readers),
        }
        return super().index(request, home | (extra_context or {}))

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """One box for people, services and organisations. An id, or a single hit, leads straight to its page."""
        text = request.GET.get("q", "").strip()[:200]
        found = _all(back_office.finders, text, request.user) if text else []
        if len(found) == 1:
            return HttpResponseRedirect(found[0].url)
        context = self.each_context(request) | {"title": "Find", "text": text, "found": found}
        return render(request, "admin/find.html", context)

    def reports_view(self, request: HttpRequest) -> HttpResponse:
        context = self.each_context(request) | {"title": "Reports", "reports": self._reports(request)}
        return render(request, "admin/reports.html", context)

    def report_view(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        """A report's form, or at once its file when it asks nothing or everything is given."""
        report = back_office.reports.get(slug)
        if report is None:
            raise Http404
        if not request.user.has_perm(report.permission):
            raise PermissionDenied
        asks = bool(report.form.base_fields)
        form = report.form(request.GET if request.GET or not asks else None)
        if form.is_valid():
            return csv_response(f"{slug}.csv", report.rows(**form.cleaned_data))
        context = self.each_context(request) | {"title": report.title, "report": report, "form": form}
        return render(request, "admin/report.html", context, status=422 if form.errors else 200)

    def _reports(self, request: HttpRequest) -> list[back_office.Report]:
        allowed = (r for r in back_office.reports if request.user.has_perm(r.permission))
        return sorted(allowed, key=lambda report: report.title)


def _all(readers: Iterable[Callable[..., Iterable[Any]]], *arguments: Any) -> list[Any]:
    """Everything the readers give. One that fails is logged and left out: this page is for days when things fail."""
    everything: list[Any] = []
    for reader in readers:
        try:
            everything += reader(*arguments)
        except Exception:
            logger.exception("A part of the back office's home page could not be read: %s", reader)
    return everything
