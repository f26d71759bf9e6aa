import pytest
from django.core.exceptions import ImproperlyConfigured

from notify import checks


@pytest.fixture
def good(settings):
    """A production that is in order."""
    settings.EMBEDDED = False
    settings.SANDBOX = False
    settings.SANDBOX_IN_PRODUCTION = False
    settings.BASE_URL = settings.API_BASE_URL = "https://notify.example"
    settings.SMS_PROVIDERS = ["http-sms"]
    settings.EMAIL_PROVIDERS = ["django"]
    settings.LETTER_PROVIDERS = ["django"]
    return settings


def found() -> list[str]:
    return [message.id for message in checks.check_settings()]


def test_a_production_in_order_has_nothing_to_say(good):
    assert found() == []
    checks.refuse_bad_settings()


def test_the_sandbox_in_production_has_to_be_told_twice(good):
    good.SANDBOX = True
    assert found() == ["notify.E001"]
    with pytest.raises(ImproperlyConfigured, match="NOTIFY_SANDBOX_IN_PRODUCTION"):
        checks.refuse_bad_settings()

    good.SANDBOX_IN_PRODUCTION = True
    assert found() == []


def test_the_embedded_run_may_have_the_sandbox_without_https(good):
    good.SANDBOX = good.EMBEDDED = True
    good.BASE_URL = "http://localhost:8000"
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "short", ["notify.E002"]),
        ("ENCRYPTION_KEYS", [], ["notify.E003"]),
        ("ENCRYPTION_KEYS", ["not-a-key"], ["notify.E003"]),
        ("API_BASE_URL", "api.notify.example", ["notify.E004"]),
        ("BASE_URL", "http://notify.example", ["notify.W001"]),
        ("DEBUG", True, ["notify.W002"]),
        ("SMS_PROVIDERS", ["nobody"], ["notify.E005"]),
        ("SMS_PROVIDERS", ["sandbox"], ["notify.E006"]),
        ("LETTER_PROVIDERS", [], ["notify.W003"]),
    ],
)
def test_what_cannot_work_is_named(good, name, value, expected):
    setattr(good, name, value)
    assert found() == expected


def test_a_provider_that_cannot_be_loaded_is_named(good):
    good.PROVIDERS = {**good.PROVIDERS, "theirs": "nowhere.Provider"}
    assert found() == ["notify.E005"]
