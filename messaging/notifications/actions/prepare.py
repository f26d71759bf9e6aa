"""Getting claimed messages ready for their providers, each for itself: one that breaks holds up no other."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePath
from traceback import extract_tb
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError

from messaging.notifications.actions.backoff import backoff
from messaging.notifications.actions.claim import Claimed
from messaging.notifications.actions.compose import Composed, NotSendable, compose
from messaging.notifications.actions.status import Move
from messaging.notifications.models import DeliveryAttempt, Notification, NotificationContent
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import read_recipient
from messaging.notifications.rules.sending import check_recipient_allowed
from messaging.providers.base import ProviderAccepted
from messaging.providers.registry import NoProvider, choose
from notify.lib import clock
from notify.lib.crypto import decrypt_json
from notify.lib.ids import uuid7
from services.enums import Channel, KeyType
from services.models import Service

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """A message on its way to a provider."""

    row: Claimed
    notification: Notification
    composed: Composed
    provider_name: str
    attempt: DeliveryAttempt


@dataclass(slots=True)
class Prepared:
    """What is to be done with each message of a wave."""

    calls: list[Call] = field(default_factory=list)
    # An earlier attempt was accepted after all: there is nothing to call.
    accepted: list[tuple[Call, ProviderAccepted]] = field(default_factory=list)
    failed: list[Move] = field(default_factory=list)
    simulated: list[tuple[Notification, dict[str, Any]]] = field(default_factory=list)
    waiting: list[tuple[UUID, timedelta]] = field(default_factory=list)
    paused: list[UUID] = field(default_factory=list)
    # Rows that could not be opened or composed, and why.
    broken: list[tuple[Claimed, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What the database says of a wave now, past every cache: a service may have been suspended a moment ago."""

    notifications: dict[UUID, Notification]
    sealed: dict[UUID, bytes | memoryview]
    services: dict[UUID, Service]
    attempts: dict[UUID, list[DeliveryAttempt]]


def prepare(rows: Sequence[Claimed]) -> Prepared:
    """Open, check and compose each message, and choose its provider. Writes nothing."""
    loaded, prepared = _load(rows), Prepared()
    for row in rows:
        try:
            _prepare_one(row, loaded, prepared)
        except NotSendable as error:
            prepared.failed.append(Move(row.id, error.status, detail=str(error)))
        except NoProvider as error:
            prepared.waiting.append((row.id, backoff(row.attempts)))
            logger.warning("%s", error)
        except (OSError, OperationalError, InterfaceError):
            # Storage or database is away: no fault of the message, which waits and is given up in its time.
            logger.exception("message.waits id=%s", row.id)
            prepared.waiting.append((row.id, backoff(row.attempts)))
        except Exception as error:  # a message that breaks must not stop strangers' messages
            logger.exception("message.broken id=%s service=%s crash=%s", row.id, row.service_id, row.crashes + 1)
            prepared.broken.append((row, _where(error)))
    return prepared


def _load(rows: Sequence[Claimed]) -> _Loaded:
    ids = [row.id for row in rows]
    attempts: dict[UUID, list[DeliveryAttempt]] = {}
    if again := [row.id for row in rows if row.attempts > 1]:
        for attempt in DeliveryAttempt.objects.filter(notification_id__in=again).order_by("number"):
            attempts.setdefault(attempt.notification_id, []).append(attempt)
    services = Service.objects.select_related("organisation", "email_brand", "letter_brand")
    return _Loaded(
        notifications=Notification.objects.in_bulk(ids),
        sealed={content.pk: bytes(content.sealed) for content in NotificationContent.objects.filter(pk__in=ids)},
        services=services.in_bulk({row.service_id for row in rows}),
        attempts=attempts,
    )


def _prepare_one(row: Claimed, loaded: _Loaded, prepared: Prepared) -> None:
    """Put one message where it belongs; refuses with NotSendable, NoProvider, or whatever its content raises."""
    notification, sealed = loaded.notifications.get(row.id), loaded.sealed.get(row.id)
    if notification is None or sealed is None:
        raise NotSendable("The message was deleted before it was sent")
    service, tried = loaded.services[row.service_id], loaded.attempts.get(row.id, [])
    accepted = next((each for each in tried if each.outcome == DeliveryAttempt.Outcome.ACCEPTED), None)
    if accepted is None:
        if service.archived_at is not None:
            raise NotSendable("The service was archived before the message was sent")
        if service.suspended_at is not None:
            prepared.paused.append(row.id)
            return
        if row.is_late:
            raise NotSendable(too_late(row))
    content = decrypt_json(bytes(sealed))
    if accepted is None:
        _check_trial(notification, content, service)
    composed = compose(notification, content, service)
    if notification.key_type == KeyType.TEST:
        prepared.simulated.append((notification, content))
        return
    if accepted is not None:
        call = Call(row, notification, composed, accepted.provider, accepted)
        prepared.accepted.append((call, ProviderAccepted(accepted.provider_reference)))
        return
    name = choose(
        notification.channel,
        international=notification.international,
        attempt=row.attempts,
        after=tried[-1].provider if tried else None,
    )
    attempt = DeliveryAttempt(id=uuid7(), notification_id=row.id, number=row.attempts, provider=name, started_at=clock.now())
    prepared.calls.append(Call(row, notification, composed, name, attempt))


def too_late(row: Claimed) -> str:
    """What is said of a message that is past its time."""
    return "The provider never confirmed the message" if row.resends else "No provider took the message in time"


def _check_trial(notification: Notification, content: dict[str, Any], service: Service) -> None:
    """A scheduled message was checked when its service was live; a trial service writes to its own people only."""
    if service.is_live or notification.scheduled_for is None or notification.key_type == KeyType.TEST:
        return
    if notification.channel == Channel.LETTER:
        raise NotSendable("The service went back to trial mode, which sends no letters")
    try:
        recipient = read_recipient(notification.channel, content["normalised"])
        check_recipient_allowed(service, recipient, notification.key_type)
    except MessageRefused as error:
        raise NotSendable("The service went back to trial mode, and the recipient is not on its team") from error


def _where(error: BaseException) -> str:
    """The kind of an error and the place in the code: never its text, which may quote the message."""
    frames = extract_tb(error.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"[:255]
