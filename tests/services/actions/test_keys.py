"""API keys: made, replaced, revoked; and what trial mode refuses."""

from datetime import timedelta
from unittest.mock import ANY

import pytest

from audit.models import AuditEvent
from content import api_key_name_prefix
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from services.actions.keys import create_key, revoke_key, rotate_key
from services.models import ApiKey, Service
from tests.factories.services import ApiKeyFactory
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def refusal(action, *args, **kwargs):
    keys, events = ApiKey.objects.count(), AuditEvent.objects.count()
    with pytest.raises(ActionRefused) as refused:
        action(*args, **kwargs)
    assert (ApiKey.objects.count(), AuditEvent.objects.count()) == (keys, events)
    return [(reason.field, reason.message) for reason in refused.value.reasons]


@pytest.mark.parametrize("kind", ["team", "test"])
def test_a_key_is_shown_whole_and_kept_sealed(kind, service, manager):
    key, text = create_key(service, name="Case  system", key_type=kind, by=manager)
    assert text == f"case_system-{service.pk}-{key.secret}"
    assert (key.name, key.scopes, key.expires_at, key.created_by) == ("Case system", [], None, manager)
    stored = ApiKey.objects.extra(select={"raw": "secret"}).get(pk=key.pk)
    assert str(key.secret) not in str(stored.raw)
    event = AuditEvent.objects.get(name="api_key.created")
    assert key.secret not in str(event.data)


def test_trial_services_make_no_live_keys(service, manager):
    assert refusal(create_key, service, name="Live", key_type="normal", by=manager) == [
        ("key_type", "Your service is in trial mode, so you cannot create a live key")
    ]


def test_live_services_make_live_keys(live_service, staff):
    key, _ = create_key(live_service, name="Live", key_type="normal", by=staff)
    assert key.key_type == "normal"


def test_a_name_is_unique_among_keys_in_use(service, manager):
    key, _ = create_key(service, name="My key", key_type="test", by=manager)
    assert refusal(create_key, service, name="MY-KEY", key_type="test", by=manager) == [
        ("name", "A key with this name already exists")
    ]
    revoke_key(key, by=manager)
    create_key(service, name="My key", key_type="test", by=manager)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"name": " "}, ("name", "Enter a name for this key")),
        ({"name": "x" * 256}, ("name", "The name cannot be longer than 255 characters")),
        ({"key_type": "golden"}, ("key_type", "Select a type of key")),
        ({"scopes": ["everything"]}, ("scopes", "Choose what the key may do from the list")),
        ({"expires_at": clock.now()}, ("expires_at", "The key’s last day must be in the future")),
    ],
)
def test_bad_keys_are_refused(words, expected, service, manager):
    assert refusal(create_key, service, **{"name": "Key", "key_type": "test", "by": manager} | words) == [expected]


def test_archived_services_make_no_keys(service, manager):
    Service.objects.filter(pk=service.pk).update(archived_at=clock.now())
    assert refusal(create_key, service, name="Key", key_type="test", by=manager) == [("", "This service is archived")]


def test_only_those_who_manage_the_api_make_and_revoke_keys(service, member, outsider):
    key = ApiKeyFactory(service=service)
    for person in (member, outsider):
        with pytest.raises(PermissionRefused):
            create_key(service, name="Key", key_type="test", by=person)
        with pytest.raises(PermissionRefused):
            revoke_key(key, by=person)
        with pytest.raises(PermissionRefused):
            rotate_key(key, overlap=timedelta(0), by=person)
    assert ApiKey.objects.usable().count() == 1


def test_revoking_is_at_once_and_harmless_twice(service, manager):
    key = ApiKeyFactory(service=service)
    first = revoke_key(key, by=manager).revoked_at
    assert revoke_key(key, by=manager).revoked_at == first
    assert not ApiKey.objects.usable().exists()
    assert AuditEvent.objects.filter(name="api_key.revoked").count() == 1


def test_both_keys_work_during_the_overlap(service, manager):
    old, _ = create_key(service, name="Case system", key_type="test", scopes=["reports"], by=manager)
    new, text = rotate_key(old, overlap=timedelta(days=1), by=manager)
    assert text.startswith("case_system-")
    assert (new.name, new.key_type, new.scopes) == ("Case system", "test", ["reports"])
    assert set(ApiKey.objects.usable()) == {old, new}
    ApiKey.objects.filter(pk=old.pk).update(revoked_at=clock.now())
    assert list(ApiKey.objects.usable()) == [new]


@pytest.mark.parametrize("days", [-1, 8])
def test_the_overlap_is_at_most_a_week(days, service, manager):
    key = ApiKeyFactory(service=service)
    assert refusal(rotate_key, key, overlap=timedelta(days=days), by=manager) == [
        ("overlap", "The old key can go on working for up to 7 days")
    ]


def test_a_replaced_key_is_not_replaced_again(service, manager):
    key = ApiKeyFactory(service=service)
    rotate_key(key, overlap=timedelta(days=1), by=manager)
    assert refusal(rotate_key, key, overlap=timedelta(days=1), by=manager) == [
        ("", "This key has been revoked or replaced already")
    ]


def test_a_live_key_of_a_service_back_in_trial_is_not_replaced(service, manager):
    key = ApiKeyFactory(service=service, key_type="normal")
    assert refusal(rotate_key, key, overlap=timedelta(0), by=manager) == [
        ("key_type", "Your service is in trial mode, so you cannot create a live key")
    ]
    key.refresh_from_db()
    assert key.revoked_at is None


def test_prefixes_are_plain():
    assert api_key_name_prefix("  Ünïque Näme (2) ") == "unique_name_2"


# --- Who may, and what is written ---------------------------------------------------------------------------------
def key_of(cast):
    return ApiKeyFactory(service=cast.service, name="Case system")


VERBS = [
    Verb(
        create_key,
        lambda cast: call(cast.service, name="Case system", key_type="team"),
        TEAM,
        {"+ApiKey": 1, "history": ["api_key.created"]},
        refused={"Enter a name for this key": lambda cast: call(cast.service, name=" ", key_type="team")},
    ),
    Verb(revoke_key, lambda cast: call(key_of(cast)), TEAM, {"ApiKey.revoked_at": ANY, "history": ["api_key.revoked"]}),
    Verb(
        rotate_key,
        lambda cast: call(key_of(cast), overlap=timedelta(days=1)),
        TEAM,
        {"+ApiKey": 1, "ApiKey.revoked_at": ANY, "history": ["api_key.created", "api_key.rotated"]},
        refused={"The old key can go on working for up to 7 days": lambda cast: call(key_of(cast), overlap=timedelta(days=8))},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
