"""Every way a token can be wrong, and what is said of it (public-api §2.3)."""

import json
import time
import uuid
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.test import Client

from notify.lib import clock
from services.models import ApiKey, Service
from tests.helpers.api import Api, error, make_key, make_service, token

pytestmark = pytest.mark.django_db

PATH = "/v2/templates"
GENERAL = (
    "Invalid token: make sure your API token matches the example at "
    "https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header"
)
CLOCK = "Error: Your system clock must be accurate to within 30 seconds"


def refused(message: str, status: int = 403) -> tuple[int, Any]:
    return error(status, "AuthError", message)


def ask(header: str | None) -> tuple[int, Any]:
    response = Client().get(PATH, headers={} if header is None else {"Authorization": header})
    assert "WWW-Authenticate" not in response.headers
    return response.status_code, response.json()


@pytest.mark.parametrize(
    ("header", "answer"),
    [
        (None, refused("Unauthorized: authentication token must be provided", 401)),
        ("", refused("Unauthorized: authentication token must be provided", 401)),
        ("Basic abc", refused("Unauthorized: authentication bearer scheme must be used", 401)),
        ("Bearer", refused("Unauthorized: authentication bearer scheme must be used", 401)),
        ("Bearer ", refused(GENERAL)),
        ("Bearer  abc", refused(GENERAL)),
        ("Bearer a.b.c", refused(GENERAL)),
        ("Bearer é", refused(GENERAL)),
        ("Bearer " + "a." * 5_000, refused(GENERAL)),
    ],
)
def test_what_is_no_token_is_refused(header: str | None, answer: tuple[int, Any]) -> None:
    assert ask(header) == answer


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ({"iss": ...}, "Invalid token: iss field not provided"),
        ({"iss": "x"}, "Invalid token: service id is not the right data type"),
        ({"iss": 5}, "Invalid token: service id is not the right data type"),
        ({"iss": None}, "Invalid token: service id is not the right data type"),
        ({"iss": []}, "Invalid token: service id is not the right data type"),
        ({"iss": str(uuid.uuid4())}, "Invalid token: service not found"),
        ({"iat": ...}, "Invalid token: API key not found"),
        ({"iat": "yesterday"}, CLOCK),
        ({"iat": None}, CLOCK),
        ({"iat": []}, CLOCK),
        ({"iat": float("inf")}, CLOCK),
        ({"iat": int(time.time()) * 1000}, CLOCK),
        ({"aud": "x"}, GENERAL),
        ({"exp": 1}, GENERAL),
        ({"sub": 5}, GENERAL),
        ({"jti": 5}, GENERAL),
    ],
)
def test_a_token_with_a_bad_claim_is_refused(service: Service, claims: dict[str, Any], message: str) -> None:
    key = make_key(service)
    given = {"iss": str(service.pk), "iat": int(time.time()), **claims}
    payload = {name: value for name, value in given.items() if value is not ...}
    try:
        text = jwt.encode(payload, key.secret, algorithm="HS256")
    except TypeError:
        text = _encode_unchecked(payload, key.secret)
    assert ask(f"Bearer {text}") == refused(message)


def _encode_unchecked(payload: dict[str, Any], secret: str) -> str:
    """The library refuses to write some claims that others can."""
    return jwt.api_jws.encode(json.dumps(payload).encode(), secret, algorithm="HS256")


@pytest.mark.parametrize("seconds", [-31, 31, 100])
def test_a_clock_more_than_30_seconds_off_is_refused(service: Service, seconds: int) -> None:
    key = make_key(service)
    text = token(service.pk, key.secret, iat=int(time.time()) + seconds + (1 if seconds > 0 else 0))
    assert ask(f"Bearer {text}") == refused(CLOCK)


@pytest.mark.parametrize("seconds", [-29, 0, 29])
def test_a_clock_less_than_30_seconds_off_is_fine(service: Service, seconds: int) -> None:
    key = make_key(service)
    text = token(service.pk, key.secret, iat=int(time.time()) + seconds)
    assert ask(f"Bearer {text}") == (200, {"templates": []})


@pytest.mark.parametrize("iat", [time.time, lambda: str(int(time.time()))])
def test_other_spellings_of_the_time_are_fine(service: Service, iat: Any) -> None:
    key = make_key(service)
    text = _encode_unchecked({"iss": str(service.pk), "iat": iat()}, key.secret)
    assert ask(f"bearer {text}") == (200, {"templates": []})


def test_not_yet_valid_is_a_matter_of_the_clock(service: Service) -> None:
    key = make_key(service)
    assert ask(f"Bearer {token(service.pk, key.secret, nbf=int(time.time()) + 60)}") == refused(CLOCK)


@pytest.mark.filterwarnings("ignore:The HMAC key")
@pytest.mark.parametrize("algorithm", ["HS512", "none"])
def test_other_algorithms_are_refused(service: Service, algorithm: str) -> None:
    key = make_key(service)
    secret = key.secret if algorithm == "HS512" else None
    text = jwt.encode({"iss": str(service.pk), "iat": int(time.time())}, secret, algorithm=algorithm)
    assert ask(f"Bearer {text}") == refused("Invalid token: algorithm used is not HS256")


def test_the_service_id_is_read_in_any_form(service: Service) -> None:
    key = make_key(service)
    text = token(service.pk.hex.upper(), key.secret)
    assert ask(f"Bearer {text}") == (200, {"templates": []})


def test_a_service_without_keys_is_refused(service: Service) -> None:
    assert ask(f"Bearer {token(service.pk, 'x' * 36)}") == refused("Invalid token: service has no API keys")


def test_another_services_key_is_refused(service: Service) -> None:
    make_key(service)
    other = make_key(make_service("Other"))
    assert ask(f"Bearer {token(service.pk, other.secret)}") == refused("Invalid token: API key not found")


def test_any_of_several_keys_will_do(service: Service) -> None:
    for key in [make_key(service), make_key(service, "test"), make_key(service, "team")]:
        assert ask(f"Bearer {token(service.pk, key.secret)}") == (200, {"templates": []})


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("archived_at", "Invalid token: service is archived"),
        ("suspended_at", "Invalid token: service is suspended"),
    ],
)
def test_a_service_that_is_off_is_refused(field: str, message: str) -> None:
    service = make_service(**{field: clock.now()})
    key = make_key(service)
    assert ask(f"Bearer {token(service.pk, key.secret)}") == refused(message)


def test_a_revoked_key_is_told_so_for_a_week(service: Service) -> None:
    make_key(service)
    recent = make_key(service, revoked_at=clock.now() - timedelta(days=6))
    old = make_key(service, revoked_at=clock.now() - timedelta(days=8))
    assert ask(f"Bearer {token(service.pk, recent.secret)}") == refused("Invalid token: API key revoked")
    assert ask(f"Bearer {token(service.pk, old.secret)}") == refused("Invalid token: API key not found")


def test_a_key_being_rotated_works_until_its_end(service: Service) -> None:
    key = make_key(service, revoked_at=clock.now() + timedelta(hours=1))
    assert ask(f"Bearer {token(service.pk, key.secret)}") == (200, {"templates": []})


def test_an_expired_key_is_refused(service: Service) -> None:
    key = make_key(service, expires_at=clock.now() - timedelta(seconds=1))
    assert ask(f"Bearer {token(service.pk, key.secret)}") == refused("Invalid token: API key expired")


def test_the_last_use_is_noted_once_a_minute(api: Api) -> None:
    api.get(PATH)
    first = ApiKey.objects.get(pk=api.key.pk).last_used_at
    api.get(PATH)
    assert first is not None
    assert ApiKey.objects.get(pk=api.key.pk).last_used_at == first


def test_options_needs_a_token_too(api: Api) -> None:
    assert Client().options(PATH).status_code == 401
    assert api.send("OPTIONS", PATH)[0] == 200
    assert api.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_head_works_where_get_does(api: Api) -> None:
    assert api.send("HEAD", PATH)[0] == 200
