"""Ties a request to the support session it belongs to."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts import staff
from accounts.models import User
from audit.record import support_session as audited_session
from services.access import access_of
from services.actions import support
from services.models import SupportSession

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SupportSessionMiddleware:
    """Staff in a support session are taken for members of that service; what they do names the session in the audit trail.

    A session to look only refuses everything that would change the service with 403.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.support_session = None  # type: ignore[attr-defined]
        user = getattr(request, "user", None)
        if not isinstance(user, User) or not user.is_staff:
            return self.get_response(request)
        user.support_session = request.support_session = support.running(user)  # type: ignore[attr-defined]
        token = audited_session.set(None)
        try:
            return self.get_response(request)
        finally:
            audited_session.reset(token)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        service_id = kwargs.get("service_id")
        user = getattr(request, "user", None)
        if service_id is None or not isinstance(user, User) or not user.is_staff:
            return
        session = request.support_session  # type: ignore[attr-defined]
        if session is None or session.service_id != service_id:
            session = self._unasked(request, user, service_id)
            if session is None:
                return
            user.support_session = request.support_session = session  # type: ignore[attr-defined]
        audited_session.set(session.pk)
        if request.method not in _SAFE and not session.may_act:
            raise PermissionDenied("You are looking only. Nothing was changed")

    def _unasked(self, request: HttpRequest, user: User, service_id: UUID) -> SupportSession | None:
        """None for members of the team, and for staff who need to state a reason first."""
        if not staff.may(user, support.ACT):
            return None
        access = access_of(request, service_id)
        return support.start_unasked(access.service, by=user) if access.membership is None else None
