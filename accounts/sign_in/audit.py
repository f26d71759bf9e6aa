"""Writing down what happens at the door."""

from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

from accounts.models import User
from accounts.sign_in import lockout
from audit.record import SYSTEM, record

# People recognise a browser by the start of what it says of itself.
AGENT_LENGTH = 200


def where_from(request: HttpRequest | None) -> dict[str, str]:
    """The address and the browser of a request."""
    if request is None:
        return {"ip": "", "user_agent": ""}
    return {
        "ip": get_client_ip(request) or "",
        "user_agent": request.META.get("HTTP_USER_AGENT", "")[:AGENT_LENGTH],
    }


def record_sign_in_event(request: HttpRequest | None, user: User, name: str, **data: Any) -> None:
    """Something a person did with their own account."""
    record(name, actor=user, subject=user, data={**where_from(request), **data})


def record_failure(request: HttpRequest | None, user: User, name: str, counter: lockout.Counter) -> None:
    """A wrong answer; nobody knows whose it was. The last one that is allowed locks the account, and that is written too."""
    record(name, actor=SYSTEM, subject=user, data=where_from(request))
    if lockout.is_last(user.pk, counter):
        record("sign_in.locked", actor=SYSTEM, subject=user, data=where_from(request))
