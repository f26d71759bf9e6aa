"""Adding, changing and removing a service's callbacks."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from accounts import staff
from audit.actors import Actor
from audit.record import record
from callbacks import rules
from callbacks.actions.deliver import new_secret
from callbacks.actions.switching import locked
from callbacks.enums import CALLBACK_STATUSES, Kind
from callbacks.models import CallbackEndpoint
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from services.access import require
from services.enums import KeyType
from services.models import Service
from services.permissions import MANAGE_API_KEYS


def add_endpoint(
    service: Service,
    *,
    kind: str,
    url: str,
    bearer_token: str,
    by: Actor,
    statuses: Sequence[str] = (),
    key_types: Sequence[str] = (),
) -> CallbackEndpoint:
    """Add an endpoint with a signing secret of its own.

    Refuses a bad URL, a short token, filters it does not know, the same URL twice for one kind, and more than ten of a kind.
    """
    with transaction.atomic():
        Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        require(by, service, MANAGE_API_KEYS)
        _check(kind, url, bearer_token, statuses, key_types)
        others = CallbackEndpoint.objects.filter(service=service, kind=kind)
        _refuse_double(others, url)
        if others.count() >= rules.MAX_ENDPOINTS:
            raise ActionRefused(f"You cannot have more than {rules.MAX_ENDPOINTS} callbacks of one kind")
        endpoint = CallbackEndpoint.objects.create(
            service=service,
            kind=kind,
            url=url,
            bearer_token=bearer_token,
            signing_secret=new_secret(),
            statuses=list(statuses),
            key_types=list(key_types),
            created_by=staff.person(by),
        )
        record("callback.added", actor=by, subject=endpoint, data={"kind": kind, "url": url})
    return endpoint


def change_endpoint(
    endpoint: CallbackEndpoint,
    *,
    by: Actor,
    url: str,
    bearer_token: str | None = None,
    statuses: Sequence[str] | None = None,
    key_types: Sequence[str] | None = None,
) -> CallbackEndpoint:
    """Change an endpoint; None keeps what is there. Refuses what `add_endpoint` refuses."""
    with transaction.atomic():
        endpoint = locked(endpoint, by=by)
        token = str(endpoint.bearer_token) if bearer_token is None else bearer_token
        _check(endpoint.kind, url, token, statuses or (), key_types or ())
        _refuse_double(
            CallbackEndpoint.objects.filter(service=endpoint.service, kind=endpoint.kind).exclude(pk=endpoint.pk), url
        )
        data = {
            "url": url,
            "from_url": endpoint.url,
            "bearer_token": "changed" if token != str(endpoint.bearer_token) else "",
        }
        endpoint.url, endpoint.bearer_token = url, token
        endpoint.statuses = endpoint.statuses if statuses is None else list(statuses)
        endpoint.key_types = endpoint.key_types if key_types is None else list(key_types)
        # A new address deserves a fresh start.
        endpoint.failing_since, endpoint.failures, endpoint.rest_until, endpoint.warned_at = None, 0, None, None
        endpoint.save()
        record("callback.changed", actor=by, subject=endpoint, data=data)
    return endpoint


def remove_endpoint(endpoint: CallbackEndpoint, *, by: Actor) -> None:
    """Remove an endpoint with its log; what still waits is not sent."""
    with transaction.atomic():
        endpoint = locked(endpoint, by=by)
        # The full lock: nobody is writing rows for it now, and nobody will (see callbacks.actions.outbox).
        CallbackEndpoint.objects.select_for_update().get(pk=endpoint.pk)
        record("callback.removed", actor=by, subject=endpoint, data={"kind": endpoint.kind, "url": endpoint.url})
        endpoint.delete()


def change_secret(endpoint: CallbackEndpoint, *, by: Actor) -> CallbackEndpoint:
    """Make a new signing secret; the one before signs along for a day, so that receivers can change over."""
    with transaction.atomic():
        endpoint = locked(endpoint, by=by)
        endpoint.previous_secret = endpoint.signing_secret
        endpoint.previous_secret_until = clock.now() + rules.SECRET_OVERLAP
        endpoint.signing_secret = new_secret()
        endpoint.save(update_fields=["signing_secret", "previous_secret", "previous_secret_until"])
        record("callback.secret_changed", actor=by, subject=endpoint)
    return endpoint


def _check(kind: str, url: str, token: str, statuses: Sequence[str], key_types: Sequence[str]) -> None:
    reasons = []
    if kind not in Kind.values:
        reasons.append(Reason("unknown_kind", f"There is no callback of the kind ‘{kind}’", "kind"))
    if problem := rules.url_problem(url):
        reasons.append(Reason("bad_url", problem, "url"))
    if problem := rules.token_problem(token):
        reasons.append(Reason("bad_token", problem, "bearer_token"))
    if unknown := set(statuses) - set(CALLBACK_STATUSES):
        reasons.append(Reason("unknown_status", f"Callbacks are not sent for {', '.join(sorted(unknown))}", "statuses"))
    if unknown := set(key_types) - set(KeyType.values):
        reasons.append(Reason("unknown_key_type", f"There is no key type {', '.join(sorted(unknown))}", "key_types"))
    if reasons:
        raise ActionRefused(*reasons)


def _refuse_double(others: QuerySet[CallbackEndpoint], url: str) -> None:
    if others.filter(url=url).exists():
        raise ActionRefused(Reason("same_url", "This URL already gets these callbacks", "url"))
