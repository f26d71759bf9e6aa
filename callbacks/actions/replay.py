"""Sending callbacks again, and sending a test."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from callbacks.actions.switching import locked
from callbacks.constants import DELIVER
from callbacks.enums import DeliveryState, Kind
from callbacks.models import CallbackDelivery, CallbackEndpoint
from notify.lib import clock
from notify.lib.crypto import encrypt_json
from notify.lib.ids import uuid7
from notify.lib.refusals import ActionRefused
from notify.lib.wakeup import wake_on_commit
from services.enums import Channel

# At most this many in one go; the rest takes another press of the button.
MAX_REPLAY = 10_000


def replay(
    endpoint: CallbackEndpoint,
    *,
    by: Actor,
    ids: Sequence[UUID] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    only_failed: bool = True,
) -> int:
    """Send callbacks of an endpoint again, with the same `webhook-id` and body; returns how many.

    Either those named, or those made in a range of time. What is waiting already is brought forward. Refuses an endpoint that
    is off, and a range that holds nothing.
    """
    with transaction.atomic():
        endpoint = locked(endpoint, by=by)
        if not endpoint.is_on:
            raise ActionRefused("Switch this callback on before you send anything again")
        found = CallbackDelivery.objects.filter(endpoint=endpoint).exclude(state=DeliveryState.SENDING)
        if ids is not None:
            found = found.filter(pk__in=list(ids))
        if since is not None:
            found = found.filter(created_at__gte=since)
        if until is not None:
            found = found.filter(created_at__lt=until)
        if only_failed:
            found = found.exclude(state=DeliveryState.DELIVERED)
        chosen = list(found.order_by("id").values_list("pk", flat=True)[:MAX_REPLAY])
        if not chosen:
            raise ActionRefused("There is nothing to send again")
        CallbackDelivery.objects.filter(pk__in=chosen).update(
            state=DeliveryState.WAITING, next_attempt_at=clock.now(), tries=0, finished_at=None
        )
        # One press is one probe at once, whatever the circuit breaker thinks.
        CallbackEndpoint.objects.filter(pk=endpoint.pk).update(rest_until=None)
        record("callback.replayed", actor=by, subject=endpoint, data={"count": len(chosen)})
        wake_on_commit(DELIVER)
    return len(chosen)


def send_test(endpoint: CallbackEndpoint, *, by: Actor) -> CallbackDelivery:
    """Send a made-up callback of the right shape through the same way as real ones. Refuses an endpoint that is off."""
    with transaction.atomic():
        endpoint = locked(endpoint, by=by)
        if not endpoint.is_on:
            raise ActionRefused("Switch this callback on before you send a test")
        moment = clock.now()
        subject = uuid7()
        delivery = CallbackDelivery.objects.create(
            endpoint=endpoint,
            service_id=endpoint.service_id,
            subject_id=subject,
            status="",
            channel=Channel.LETTER if endpoint.kind == Kind.RETURNED_LETTER else Channel.SMS,
            reference="test",
            is_test=True,
            payload=encrypt_json(_example(endpoint.kind, subject, moment)),
            created_at=moment,
            next_attempt_at=moment,
        )
        CallbackEndpoint.objects.filter(pk=endpoint.pk).update(rest_until=None)
        record("callback.tested", actor=by, subject=endpoint)
        wake_on_commit(DELIVER)
    return delivery


def _example(kind: str, subject: UUID, moment: datetime) -> dict[str, Any]:
    """A payload with Ofcom's numbers for drama, which belong to nobody."""
    now = clock.wire(moment)
    nothing = str(UUID(int=0))
    if kind == Kind.RECEIVED_TEXT:
        return {
            "id": str(subject),
            "source_number": "447700900123",
            "destination_number": "07700900000",
            "message": "This is a test",
            "date_received": now,
        }
    if kind == Kind.RETURNED_LETTER:
        return {
            "notification_id": str(subject),
            "reference": "test",
            "date_sent": now,
            "sent_by": "API",
            "template_name": "Test",
            "template_id": nothing,
            "template_version": 1,
            "spreadsheet_file_name": None,
            "spreadsheet_row_number": None,
            "upload_letter_file_name": None,
        }
    return {
        "id": str(subject),
        "reference": "test",
        "to": "07700900123",
        "status": "delivered",
        "created_at": now,
        "completed_at": now,
        "sent_at": now,
        "notification_type": "sms",
        "template_id": nothing,
        "template_version": 1,
    }
