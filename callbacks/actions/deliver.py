"""Posting callbacks: claim with a lease, let go of the database, call, write down what happened.

One dispatcher keeps up to POOL calls going and refills as they end, so a slow receiver holds only its own calls: four,
or one while it fails, and none while its circuit breaker rests it.
"""

import logging
import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from standardwebhooks import Webhook

from callbacks import payloads, rules
from callbacks.actions import switching
from callbacks.enums import DeliveryState
from callbacks.models import CallbackAttempt, CallbackDelivery, CallbackEndpoint
from notify.lib import clock, outbound
from notify.lib.crypto import encrypt_json
from notify.lib.ids import uuid7
from notify.lib.outbound import OutboundFailed, OutboundRefused

logger = logging.getLogger(__name__)

POOL = 64
# Longer than the longest call.
LEASE = timedelta(seconds=60)
# How long one task works before it makes room and rings for its successor.
DISPATCH_SECONDS = 20.0
KEPT_OF_ANSWER = 1_000
_MASKED = "••••"

_READY_ENDPOINTS = """
SELECT e.id FROM callbacks_callbackendpoint e
WHERE e.is_on AND (e.rest_until IS NULL OR e.rest_until <= now())
    AND EXISTS (
        SELECT 1 FROM callbacks_callbackdelivery d
        WHERE d.endpoint_id = e.id AND d.state = 0 AND d.next_attempt_at <= now())
    AND (
        SELECT count(*) FROM callbacks_callbackdelivery d WHERE d.endpoint_id = e.id AND d.state = 1
    ) < CASE WHEN e.failures > 0 THEN 1 ELSE %(in_flight)s END
ORDER BY random() LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
"""

# The endpoints are locked by now, so that nobody else counts or takes at the same time.
_CLAIM = """
WITH picked AS (
    SELECT d.id FROM callbacks_callbackendpoint e CROSS JOIN LATERAL (
        SELECT id FROM callbacks_callbackdelivery d
        WHERE d.endpoint_id = e.id AND d.state = 0 AND d.next_attempt_at <= now()
        ORDER BY d.next_attempt_at
        LIMIT greatest(0, CASE WHEN e.failures > 0 THEN 1 ELSE %(in_flight)s END - (
            SELECT count(*) FROM callbacks_callbackdelivery b WHERE b.endpoint_id = e.id AND b.state = 1))
    ) d
    WHERE e.id = ANY(%(endpoints)s) LIMIT %(limit)s
)
UPDATE callbacks_callbackdelivery SET
    state = 1, claim = %(claim)s, lease_until = now() + make_interval(secs => %(lease)s),
    attempts = attempts + 1, tries = tries + 1
WHERE id = ANY(ARRAY(SELECT id FROM picked)) AND state = 0
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try."""

    delivery: CallbackDelivery
    started_at: datetime
    milliseconds: int
    request_headers: Mapping[str, str]
    status: int | None = None
    problem: str = ""
    response_headers: Mapping[str, str] | None = None
    response: str = ""

    @property
    def is_delivered(self) -> bool:
        """2xx; a redirect is not followed and does not count, because nothing says that anybody read the body."""
        return self.status is not None and 200 <= self.status < 300


def deliver_due(*, seconds: float = DISPATCH_SECONDS, hand_over: Callable[[], None] = lambda: None) -> tuple[int, bool]:
    """Post what is due for up to `seconds`; returns how many tries were made, and whether time ran out first.

    When time runs out, `hand_over` lets a successor start while this one waits for its last answers. Must not run inside a
    transaction: claims are committed before anything is sent.
    """
    ends = time.monotonic() + seconds
    token = uuid4()
    tried = 0
    handed_over = False
    running: set[Future[Outcome]] = set()
    with ThreadPoolExecutor(max_workers=POOL, thread_name_prefix="callback") as pool:
        while True:
            if not handed_over and time.monotonic() >= ends:
                handed_over = True
                hand_over()
            claimed = [] if handed_over or len(running) >= POOL else claim(token, limit=POOL - len(running))
            running |= {pool.submit(post, delivery) for delivery in claimed}
            if not running:
                return tried, handed_over
            done, running = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
            if done:
                tried += len(done)
                finish([future.result() for future in done], token)


def claim(token: UUID, *, limit: int) -> list[CallbackDelivery]:
    """Take due deliveries: at most four of an endpoint at once over all workers, one while it fails, none while it rests."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_READY_ENDPOINTS, {"in_flight": rules.IN_FLIGHT, "limit": limit})
        endpoints = [row[0] for row in cursor.fetchall()]
        if not endpoints:
            return []
        cursor.execute(
            _CLAIM,
            {
                "endpoints": endpoints,
                "limit": limit,
                "claim": token,
                "lease": LEASE.total_seconds(),
                "in_flight": rules.IN_FLIGHT,
            },
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(CallbackDelivery.objects.filter(pk__in=ids).select_related("endpoint"))


def expire_leases() -> int:
    """Callbacks whose worker went away are tried again: receivers know a repeated one by its `webhook-id`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE callbacks_callbackdelivery SET state = 0, claim = NULL, lease_until = NULL WHERE id IN ("
            "SELECT id FROM callbacks_callbackdelivery WHERE state = 1 AND lease_until < now() LIMIT 500 "
            "FOR UPDATE SKIP LOCKED)"
        )
        return int(cursor.rowcount)


def anything_due() -> bool:
    """Whether a worker would find something to do."""
    with connection.cursor() as cursor:
        cursor.execute(
            _READY_ENDPOINTS.replace(" FOR NO KEY UPDATE SKIP LOCKED", ""), {"in_flight": rules.IN_FLIGHT, "limit": 1}
        )
        return cursor.fetchone() is not None


def new_secret() -> str:
    """A Standard Webhooks signing secret."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def headers_for(delivery: CallbackDelivery, body: bytes, moment: datetime) -> dict[str, str]:
    """The contract's headers, and the signature by every secret that is good at this moment."""
    endpoint = delivery.endpoint
    keys = [str(endpoint.signing_secret)]
    if endpoint.previous_secret and endpoint.previous_secret_until and endpoint.previous_secret_until > moment:
        keys.append(str(endpoint.previous_secret))
    message_id = str(delivery.pk)
    text = body.decode()
    return {
        "Content-Type": "application/json",
        "Authorization": "Bearer " + str(endpoint.bearer_token),
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(message_id, moment.astimezone(UTC), text) for key in keys),
    }


def post(delivery: CallbackDelivery) -> Outcome:
    """One try. Runs in a thread without a database; what goes wrong comes back as words."""
    moment = clock.now()
    started = time.monotonic()
    status, problem, answer = None, "", None
    headers: dict[str, str] = {}
    try:
        body = payloads.encode(delivery.body)
        headers = headers_for(delivery, body, moment)
        answer = outbound.post(delivery.endpoint.url, body, headers)
        status = answer.status
    except (OutboundRefused, OutboundFailed) as error:
        problem = str(error)
    except Exception:
        logger.exception("Callback %s could not be posted", delivery.pk)
        problem = "The callback could not be posted because of a fault here"
    return Outcome(
        delivery=delivery,
        started_at=moment,
        milliseconds=int((time.monotonic() - started) * 1_000),
        request_headers=headers | ({"Authorization": f"Bearer {_MASKED}"} if headers else {}),
        status=status,
        problem=problem,
        response_headers=dict(answer.headers) if answer else None,
        response=answer.body[:KEPT_OF_ANSWER].decode("utf-8", "replace").replace("\x00", "\ufffd") if answer else "",
    )


def finish(outcomes: Sequence[Outcome], token: UUID) -> None:
    """Write down tries and move on: done, later, or given up. A try whose lease was lost meanwhile is only logged."""
    moment = clock.now()
    with transaction.atomic():
        # Endpoints before deliveries, as everywhere, so that nobody waits in a circle.
        endpoints = {
            e.pk: e
            for e in CallbackEndpoint.objects.select_for_update(no_key=True)
            .filter(pk__in={outcome.delivery.endpoint_id for outcome in outcomes})
            .order_by("pk")
        }
        held = {
            row.pk: row
            for row in CallbackDelivery.objects.select_for_update()
            .filter(pk__in=[outcome.delivery.pk for outcome in outcomes], claim=token)
            .order_by("pk")
        }
        ours = [(held[o.delivery.pk], o) for o in outcomes if o.delivery.pk in held]
        CallbackAttempt.objects.bulk_create([_attempt(outcome, row) for row, outcome in ours], ignore_conflicts=True)
        for row, outcome in ours:
            _settle(row, outcome, moment)
        CallbackDelivery.objects.bulk_update(
            [row for row, _ in ours],
            ["state", "claim", "lease_until", "next_attempt_at", "last_status_code", "last_problem", "finished_at"],
        )
        for endpoint in endpoints.values():
            of_it = [outcome for row, outcome in ours if row.endpoint_id == endpoint.pk]
            switching.note_outcomes(
                endpoint,
                delivered=any(o.is_delivered for o in of_it),
                failed=sum(not o.is_delivered for o in of_it),
                gone=any(o.status == rules.GONE for o in of_it),
                moment=moment,
            )


def _attempt(outcome: Outcome, row: CallbackDelivery) -> CallbackAttempt:
    return CallbackAttempt(
        id=uuid7(),
        delivery=row,
        number=row.attempts,
        url=outcome.delivery.endpoint.url,
        started_at=outcome.started_at,
        milliseconds=outcome.milliseconds,
        status_code=outcome.status,
        problem=outcome.problem[:255],
        exchange=encrypt_json(
            {
                "request_headers": dict(outcome.request_headers),
                "response_headers": dict(outcome.response_headers or {}),
                "response": outcome.response,
            }
        ),
    )


def _settle(row: CallbackDelivery, outcome: Outcome, moment: datetime) -> None:
    """The row's next state by what came back and by the schedule."""
    row.claim = None
    row.lease_until = None
    row.last_status_code = outcome.status
    row.last_problem = outcome.problem[:255]
    if outcome.is_delivered:
        row.state, row.finished_at = DeliveryState.DELIVERED, moment
        return
    retry_after = rules.read_retry_after((outcome.response_headers or {}).get("Retry-After"), moment)
    delay = rules.next_try(row.tries, retry_after=retry_after)
    if delay is None:
        row.state, row.finished_at = DeliveryState.FAILED, moment
    else:
        row.state, row.next_attempt_at = DeliveryState.WAITING, moment + delay
