"""An endpoint's health: the circuit breaker, warnings, and switching off and on."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse

from accounts import emails, guardian
from audit.actors import Actor
from audit.record import SYSTEM, record
from callbacks import rules
from callbacks.constants import DELIVER
from callbacks.enums import DeliveryState, OffReason
from callbacks.models import CallbackDelivery, CallbackEndpoint
from notify.lib import clock
from notify.lib.refusals import ActionRefused
from notify.lib.wakeup import wake_on_commit
from services.access import require
from services.permissions import MANAGE_API_KEYS

_HEALTH = ["failing_since", "failures", "rest_until", "warned_at", "is_on", "off_at", "off_reason"]


def note_outcomes(endpoint: CallbackEndpoint, *, delivered: bool, failed: int, gone: bool, moment: datetime) -> None:
    """Bring the health of an endpoint up to date after a few tries; the caller holds its lock.

    A success ends all trouble. Failures lengthen its rest; a day of them is told to the team, and days of them or the
    answer `410 Gone` switch it off.
    """
    if not (delivered or failed):
        return
    if delivered:
        if endpoint.failures and not gone:
            endpoint.failing_since, endpoint.failures, endpoint.rest_until, endpoint.warned_at = None, 0, None, None
            endpoint.save(update_fields=_HEALTH)
        if not gone:
            return
    endpoint.failures += failed
    endpoint.failing_since = endpoint.failing_since or moment
    pause = rules.rest(endpoint.failures)
    endpoint.rest_until = moment + pause if pause else None
    if endpoint.is_on and (gone or rules.should_switch_off(endpoint.failures, endpoint.failing_since, moment)):
        _off(endpoint, OffReason.GONE if gone else OffReason.FAILING, moment)
        record("callback.switched_off", actor=SYSTEM, subject=endpoint, data={"reason": endpoint.get_off_reason_display()})
        _tell_team("callback_switched_off", endpoint)
    elif endpoint.is_on and endpoint.warned_at is None and moment - endpoint.failing_since >= rules.WARN_AFTER:
        endpoint.warned_at = moment
        _tell_team("callback_failing", endpoint)
    endpoint.save(update_fields=_HEALTH)


def _off(endpoint: CallbackEndpoint, reason: OffReason, moment: datetime) -> None:
    endpoint.is_on, endpoint.off_at, endpoint.off_reason = False, moment, reason


def _tell_team(template: str, endpoint: CallbackEndpoint) -> None:
    """An email to everybody on the team who manages the API integration."""
    service = endpoint.service
    holders = guardian.users_with(MANAGE_API_KEYS, service)
    people = get_user_model()._default_manager.filter(pk__in=holders, is_active=True)
    path = reverse("callbacks:endpoint-detail", kwargs={"service_id": service.pk, "endpoint_id": endpoint.pk})
    for person in people:
        emails.send(
            template,
            to=person.email,
            context={
                "service": service.name,
                "kind": endpoint.get_kind_display(),
                "url": endpoint.url,
                "reason": endpoint.get_off_reason_display(),
                "since": endpoint.failing_since,
                "link": f"{settings.BASE_URL}{path}",
            },
        )


def switch_on(endpoint: CallbackEndpoint, *, by: Actor) -> CallbackEndpoint:
    """Switch an endpoint on again; what waited while the platform had it off goes out now. Refuses one that is on."""
    with transaction.atomic():
        endpoint = locked(endpoint, by=by)
        if endpoint.is_on:
            raise ActionRefused("This callback is already on")
        endpoint.is_on, endpoint.off_at, endpoint.off_reason = True, None, ""
        endpoint.failing_since, endpoint.failures, endpoint.rest_until, endpoint.warned_at = None, 0, None, None
        endpoint.save(update_fields=_HEALTH)
        CallbackDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING).update(
            next_attempt_at=clock.now(), tries=0
        )
        record("callback.switched_on", actor=by, subject=endpoint)
        wake_on_commit(DELIVER)
    return endpoint


def switch_off(endpoint: CallbackEndpoint, *, by: Actor) -> CallbackEndpoint:
    """Switch an endpoint off; nothing is kept for it meanwhile, and what waits stays. Refuses one that is off."""
    with transaction.atomic():
        endpoint = locked(endpoint, by=by)
        if not endpoint.is_on:
            raise ActionRefused("This callback is already off")
        _off(endpoint, OffReason.PERSON, clock.now())
        endpoint.save(update_fields=_HEALTH)
        record("callback.switched_off", actor=by, subject=endpoint, data={"reason": endpoint.get_off_reason_display()})
    return endpoint


def locked(endpoint: CallbackEndpoint, *, by: Actor) -> CallbackEndpoint:
    found = CallbackEndpoint.objects.select_for_update(of=("self",), no_key=True).select_related("service").get(pk=endpoint.pk)
    require(by, found.service, MANAGE_API_KEYS)
    return found
