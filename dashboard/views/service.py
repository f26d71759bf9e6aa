"""A service's front page."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.views.generic import TemplateView

from dashboard.queries import summary
from services.access import ServiceAccessMixin
from services.permissions import MANAGE_SERVICE, MANAGE_TEMPLATES, VIEW_ACTIVITY


class ServiceDashboardView(ServiceAccessMixin, TemplateView):
    """`/services/<id>`: what happened in the last seven days, what is coming, and what this year has cost.

    People who may not see the dashboard go to the templates.
    """

    needs = None
    template_name = "dashboard/service_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may(VIEW_ACTIVITY):
            return redirect("message_templates:template-list", service_id=self.service.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            board=summary.service_board(self.service, with_usage=self.may(MANAGE_SERVICE)),
            may_manage_templates=self.may(MANAGE_TEMPLATES),
            nav_current="dashboard",
            **kwargs,
        )


class ServiceFiguresView(ServiceAccessMixin, TemplateView):
    """The part of the dashboard that refreshes by itself; answers 304 while nothing has changed."""

    needs = VIEW_ACTIVITY
    template_name = "dashboard/service_figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(board=summary.service_board(self.service, with_usage=False), **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        response.render()  # type: ignore[attr-defined]
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match") == etag:
            return HttpResponseNotModified(headers={"ETag": etag})
        response["ETag"] = etag
        response["Cache-Control"] = "no-cache, private"
        return response
