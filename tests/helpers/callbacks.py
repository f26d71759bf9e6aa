"""Status changes that callbacks tell, and a receiver that answers as a test wants."""

from datetime import UTC, datetime
from typing import Any

from callbacks.models import CallbackEndpoint
from messaging.enums import Status
from messaging.notifications.actions.status import StatusChange
from notify.lib.crypto import encrypt_json
from notify.lib.ids import uuid7
from notify.lib.outbound import Answer
from services.models import Service
from tests.factories.callbacks import EndpointFactory
from tests.factories.notifications import NotificationContentFactory


def make_endpoint(service: Service, url: str = "https://hooks.department.gov.uk/notify", **fields: Any) -> CallbackEndpoint:
    """An endpoint at the usual address of the tests."""
    return EndpointFactory(service=service, url=url, **fields)


def make_change(service: Service, to: str = "07700900123", **fields: Any) -> StatusChange:
    """A text message that was delivered, with its sealed recipient."""
    moment = datetime(2026, 5, 17, 15, 58, 38, 342838, tzinfo=UTC)
    values = {
        "notification_id": uuid7(),
        "service_id": service.pk,
        "template_id": uuid7(),
        "template_version": 3,
        "job_id": None,
        "channel": "sms",
        "key_type": "normal",
        "client_reference": "case-1",
        "created_at": moment,
        "sent_at": moment,
        "updated_at": moment,
        "old": Status.SENDING,
        "new": Status.DELIVERED,
        "detail": "",
        **fields,
    }
    NotificationContentFactory(
        id=values["notification_id"], service=service, sealed=encrypt_json({"to": to, "normalised": "+447700900123"})
    )
    return StatusChange(**values)


class Receiver:
    """Stands in for `notify.lib.outbound.post`: answers what it is told, by URL or always, and remembers."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, bytes, dict[str, str]]] = []
        self.answers: dict[str, Any] = {}
        self.answer: Any = 200

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        self.requests.append((url, body, headers))
        answer = self.answers.get(url, self.answer)
        if callable(answer) and not isinstance(answer, type):
            answer = answer()
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Answer):
            return answer
        return Answer(status=answer, headers={}, body=b"", cut=False, seconds=0.01)
