"""A service's front page."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.views.generic import TemplateView

from accounts.guardian import permissions_of
from dashboard import queries
from services.access import ServiceAccessMixin
from services.permissions import MANAGE_SERVICE, MANAGE_TEMPLATES, VIEW_ACTIVITY


class ServiceDashboardView(ServiceAccessMixin, TemplateView):
    """`/services/<id>`: what happened in the last seven days, what is coming, and what this year has cost.

    People who may not see the dashboard go to the templates.
    """

    needs = None
    template_name = "dashboard/service_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mine = self.my_permissions()
        if VIEW_ACTIVITY not in mine:
            return redirect("messaging:template-list", service_id=self.service.pk)
        return super().get(request, *args, **kwargs)

    def my_permissions(self) -> frozenset[str]:
        user = self.request.user
        held = permissions_of(user, self.service)
        return held | {VIEW_ACTIVITY, MANAGE_SERVICE} if getattr(user, "is_superuser", False) else held

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = self.my_permissions()
        return super().get_context_data(
            board=queries.service_board(self.service, with_usage=MANAGE_SERVICE in mine),
            may_manage_templates=MANAGE_TEMPLATES in mine,
            nav_current="dashboard",
            **kwargs,
        )


class ServiceFiguresView(ServiceAccessMixin, TemplateView):
    """The part of the dashboard that refreshes by itself; answers 304 while nothing has changed."""

    needs = VIEW_ACTIVITY
    template_name = "dashboard/service_figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(board=queries.service_board(self.service, with_usage=False), **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        response.render()  # type: ignore[attr-defined]
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match") == etag:
            return HttpResponseNotModified(headers={"ETag": etag})
        response["ETag"] = etag
        response["Cache-Control"] = "no-cache, private"
        return response
