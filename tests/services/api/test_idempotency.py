"""Idempotency-Key: the same request twice is one message (reliability §3.5)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from messaging.message_templates.models import MessageTemplate
from messaging.notifications.models import Notification
from notify.lib import clock
from services.api import idempotency
from services.models import IdempotencyKey, Service
from tests.helpers.api import Api, error, make_key, make_service, make_template

SMS = "/v2/notifications/sms"


def body(template: MessageTemplate, name: str = "Sam") -> dict[str, Any]:
    return {"phone_number": "07700900123", "template_id": str(template.pk), "personalisation": {"name": name}}


@pytest.mark.django_db
def test_a_repetition_gets_the_first_answer(api: Api, sms_template: MessageTemplate) -> None:
    first = api.post(SMS, body(sms_template), **{"Idempotency-Key": "k-1"})
    assert "Idempotent-Replayed" not in api.headers
    second = api.post(SMS, dict(reversed(body(sms_template).items())), **{"Idempotency-Key": "k-1"})
    assert first[0] == 201
    assert second == first
    assert api.headers["Idempotent-Replayed"] == "true"
    assert Notification.objects.count() == 1
    assert b"Sam" not in bytes(IdempotencyKey.objects.get().response or b"")


@pytest.mark.django_db
def test_another_body_is_refused(api: Api, sms_template: MessageTemplate) -> None:
    api.post(SMS, body(sms_template), **{"Idempotency-Key": "k-1"})
    assert api.post(SMS, body(sms_template, "Ada"), **{"Idempotency-Key": "k-1"}) == error(
        422, "IdempotencyError", "This Idempotency-Key was already used with a different request"
    )
    assert Notification.objects.count() == 1


@pytest.mark.django_db
def test_keys_of_other_services_and_key_types_do_not_meet(api: Api, test_api: Api, sms_template: MessageTemplate) -> None:
    other = make_service("Other")
    stranger = Api(make_key(other))
    for each, template in [(api, sms_template), (test_api, sms_template), (stranger, make_template(other, "sms"))]:
        assert each.post(SMS, body(template), **{"Idempotency-Key": "k-1"})[0] == 201
        assert "Idempotent-Replayed" not in each.headers


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "tab\t"])
def test_a_malformed_key_is_refused(api: Api, sms_template: MessageTemplate, key: str) -> None:
    assert api.post(SMS, body(sms_template), **{"Idempotency-Key": key}) == error(
        400, "BadRequestError", "Idempotency-Key must be 1 to 255 visible ASCII characters"
    )


@pytest.mark.django_db
def test_a_refusal_is_kept_too_but_not_one_that_passes(api: Api, service: Service, sms_template: MessageTemplate) -> None:
    refused = api.post(SMS, {}, **{"Idempotency-Key": "k-1"})
    assert api.post(SMS, {}, **{"Idempotency-Key": "k-1"}) == refused
    assert api.headers["Idempotent-Replayed"] == "true"
    Service.objects.update(sms_limit_override=0)
    assert api.post(SMS, body(sms_template), **{"Idempotency-Key": "k-2"})[0] == 429
    Service.objects.update(sms_limit_override=1)
    assert api.post(SMS, body(sms_template), **{"Idempotency-Key": "k-2"})[0] == 201


@pytest.mark.django_db
def test_a_crash_keeps_nothing(api: Api, sms_template: MessageTemplate, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(idempotency, "_keep", lambda *args: 1 / 0)
        assert api.post(SMS, body(sms_template), **{"Idempotency-Key": "k-1"})[0] == 500
    assert Notification.objects.count() == 0
    assert api.post(SMS, body(sms_template), **{"Idempotency-Key": "k-1"})[0] == 201


@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day(api: Api, sms_template: MessageTemplate) -> None:
    api.post(SMS, body(sms_template), **{"Idempotency-Key": "k-1"})
    IdempotencyKey.objects.update(created_at=clock.now() - timedelta(hours=25))
    assert api.post(SMS, body(sms_template, "Ada"), **{"Idempotency-Key": "k-1"})[0] == 201


@pytest.mark.django_db(transaction=True)
def test_while_the_first_runs_the_second_is_told_to_wait() -> None:
    service = make_service()
    api, template = Api(make_key(service)), make_template(service, "sms")

    def second() -> tuple[int, Any]:
        try:
            return api.post(SMS, body(template), **{"Idempotency-Key": "k-1"})
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        idempotency._lock(api.key, "k-1")
        answer = pool.submit(second).result()
    assert answer == error(409, "IdempotencyError", "A request with this Idempotency-Key is still running")
    assert api.headers["Retry-After"] == "1"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_one_message() -> None:
    service = make_service()
    key, template = make_key(service), make_template(service, "sms")
    start = Barrier(8)

    def post() -> int:
        try:
            start.wait()
            return Api(key).post(SMS, body(template), **{"Idempotency-Key": "k-1"})[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = {future.result() for future in [pool.submit(post) for _ in range(8)]}
    assert answers <= {201, 409}
    assert Notification.objects.count() == 1
