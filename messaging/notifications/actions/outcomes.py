"""Writing down what providers said of messages: in one transaction, for those that are still this worker's or taken."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from messaging.enums import Status
from messaging.notifications.actions import claim as claims
from messaging.notifications.actions.backoff import delay_after
from messaging.notifications.actions.compose import Composed
from messaging.notifications.actions.prepare import Call
from messaging.notifications.actions.status import Move, move
from messaging.notifications.models import DeliveryAttempt, Inflight, Notification, SendQueue
from messaging.notifications.queries.pricing import sms_rate
from messaging.providers import registry
from messaging.providers.base import NotSent, ProviderAccepted, Rejected, Result
from notify.lib import clock
from services.enums import Channel

_OUTCOMES = {
    ProviderAccepted: DeliveryAttempt.Outcome.ACCEPTED,
    NotSent: DeliveryAttempt.Outcome.NOT_SENT,
    Rejected: DeliveryAttempt.Outcome.REJECTED,
}


def record(answers: Sequence[tuple[Call, Result]], token: UUID) -> None:
    """Write what the providers said.

    A message that a provider has is never sent again, whoever holds its row by now. Anything else counts while the row is
    the token's, or is still held because of this very attempt.
    """
    for call, result in answers:
        _close(call.attempt, result)
    with transaction.atomic():
        DeliveryAttempt.objects.bulk_update(
            [call.attempt for call, _ in answers], ["provider_reference", "finished_at", "outcome", "detail"]
        )
        claims.take_back([call.row.id for call, _ in answers], [call.row.attempts for call, _ in answers], token)
        _accepted([call for call, result in answers if isinstance(result, ProviderAccepted)])
        _rejected([(call, result) for call, result in answers if isinstance(result, Rejected)], token)
        _not_sent([(call, result) for call, result in answers if isinstance(result, NotSent)], token)
        _unknown([call for call, result in answers if not isinstance(result, ProviderAccepted | Rejected | NotSent)], token)


def _close(attempt: DeliveryAttempt, result: Result) -> None:
    attempt.finished_at = clock.now()
    attempt.outcome = _OUTCOMES.get(type(result), DeliveryAttempt.Outcome.UNKNOWN)
    if isinstance(result, ProviderAccepted):
        attempt.provider_reference, attempt.detail = (result.provider_reference or "")[:255], ""
    else:
        attempt.detail = result.reason[:255]


def _accepted(calls: Sequence[Call]) -> None:
    """A row that is gone was settled by a receipt, or by another attempt."""
    there = claims.taken([call.row.id for call in calls])
    moves = [(call, _sent(call)) for call in calls if call.row.id in there]
    Inflight.objects.bulk_create(
        [
            Inflight(id=m.id, service_id=call.row.service_id, sent_at=clock.now())
            for call, m in moves
            if expects_receipt(call.notification)
        ],
        ignore_conflicts=True,
    )
    move([m for _, m in moves])


def expects_receipt(notification: Notification) -> bool:
    """Whether silence for days means a failure: texts abroad and letters may never be answered for."""
    return notification.channel != Channel.LETTER and not _is_abroad(notification)


def _is_abroad(notification: Notification) -> bool:
    return notification.channel == Channel.SMS and notification.international


def _rejected(answers: Sequence[tuple[Call, Rejected]], token: UUID) -> None:
    ours = claims.owned([call.row.id for call, _ in answers], token)
    move(
        [
            Move(call.row.id, Status.TECHNICAL_FAILURE, detail=result.reason, provider=call.provider_name)
            for call, result in answers
            if call.row.id in ours
        ]
    )


def _not_sent(answers: Sequence[tuple[Call, NotSent]], token: UUID) -> None:
    """Messages past their time become technical failures; the others wait for their next try."""
    late = SendQueue.objects.filter(pk__in=[call.row.id for call, _ in answers], claim=token, give_up_at__lt=clock.now())
    over = set(late.values_list("pk", flat=True))
    again = [(call.row.id, _delay(call, result)) for call, result in answers if call.row.id not in over]
    claims.release([i for i, _ in again], token, [d for _, d in again])
    gone = claims.owned(list(over), token)
    move([Move(i, Status.TECHNICAL_FAILURE, detail="No provider took the message in time") for i in gone])


def _delay(call: Call, result: NotSent) -> timedelta:
    n = call.notification
    elsewhere = registry.has_other(call.provider_name, n.channel, international=n.international)
    return delay_after(result, call.row.attempts, elsewhere=elsewhere)


def _unknown(calls: Sequence[Call], token: UUID) -> None:
    """An unknown outcome keeps its status, and its price for the receipt that may say it was sent after all."""
    claims.hold([call.row.id for call in calls], token)
    move([replace(_sent(call), status=Status.CREATED, sent_at=None) for call in calls])


def _sent(call: Call) -> Move:
    """A text abroad is `sent`, because no receipt may ever come; the rest is `sending` (reference: public-api §9.2)."""
    return Move(
        call.row.id,
        Status.SENT if _is_abroad(call.notification) else Status.SENDING,
        provider=call.provider_name,
        sent_at=clock.now(),
        billable_units=call.composed.units,
        cost=cost_of(call.notification, call.composed),
    )


def cost_of(notification: Notification, composed: Composed) -> Decimal:
    """Pounds before any free allowance: fragments × multiplier × rate of the day for texts; letters bring their own."""
    if notification.channel == Channel.SMS:
        return composed.units * notification.rate_multiplier * sms_rate(clock.local_day())
    return composed.cost
