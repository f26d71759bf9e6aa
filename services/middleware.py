"""Ties a request to the support session it belongs to."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from audit.record import support_session as audited_session
from services import support

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SupportSessionMiddleware:
    """Staff in a support session are taken for members of that service; what they do names the session in the audit trail.

    A session to look only refuses everything that would change the service with 403.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.support_session = None  # type: ignore[attr-defined]
        user: Any = getattr(request, "user", None)
        if user is None or not user.is_authenticated or not user.is_staff:
            return self.get_response(request)
        session = user.support_session = support.running(user)
        if session is None:
            return self.get_response(request)
        request.support_session = session  # type: ignore[attr-defined]
        token = audited_session.set(session.pk if self._is_inside(request, session) else None)
        try:
            return self.get_response(request)
        finally:
            audited_session.reset(token)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        session = getattr(request, "support_session", None)
        if session is None or kwargs.get("service_id") != session.service_id or request.method in _SAFE:
            return
        if not session.may_act:
            raise PermissionDenied("You are looking only. Nothing was changed")

    @staticmethod
    def _is_inside(request: HttpRequest, session: Any) -> bool:
        return request.path.startswith(f"/services/{session.service_id}")
