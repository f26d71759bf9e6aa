from datetime import UTC, datetime, timedelta

import pytest

from callbacks import rules

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.gov.uk",
        "https://example.gov.uk/",
        "https://user@example.gov.uk/path",
        "https://example.gov.uk:8443/a/b?x=1&y=?#z",
        "https://a-b.example.co/caf\u00e9",
        "https://1.example.gov.uk/~x;y=(1),[".removesuffix("["),
    ],
)
def test_a_url_of_the_contracts_shape_is_accepted(url):
    assert rules.url_problem(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://example.gov.uk",
        "HTTPS://example.gov.uk",
        "https://localhost",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://under_score.gov.uk",
        "https://example.gov.uk/a b",
        "https://example.gov.uk/[x]",
        "https://example.gov.uk/{x}",
        "https://user:pw@example.gov.uk/",
        "https://example.gov.uk\n",
        "https://example",
        "https://example.g",
        "javascript:alert(1)",
    ],
)
def test_a_url_of_another_shape_is_refused(url):
    assert rules.url_problem(url) == "Must be a valid https URL"


def test_a_url_outside_latin_1_is_refused_with_advice():
    assert rules.url_problem("https://example.gov.uk/\u0142") == (
        "Must be a valid https URL: percent-encode characters that are not in Latin-1"
    )


def test_a_host_that_the_installation_opened_may_have_any_form(settings):
    settings.CALLBACK_ALLOWED_HOSTS = ["localhost:8000"]
    assert rules.url_problem("http://localhost:8000/_demo") is None
    assert rules.url_problem("http://localhost:8001/_demo") is not None
    assert rules.url_problem("http://localhost:8000@evil.example/") is not None
    assert rules.url_problem("http://localhost:8000\\@evil.example/") is not None


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        ("123456789", "The bearer token must be at least 10 characters long"),
        ("", "The bearer token must be at least 10 characters long"),
        ("0123456789", None),
        ("caf\u00e9-caf\u00e9-caf\u00e9", None),
        ("0123456789\u0142", "The bearer token must not contain characters that are not in Latin-1"),
        ("0123456789\r\nX: y", "The bearer token must not contain line breaks or control characters"),
    ],
)
def test_a_token_is_long_enough_and_can_be_written_in_a_header(token, problem):
    assert rules.token_problem(token) == problem


def test_the_first_five_retries_are_the_contracts_and_the_rest_lasts_a_day():
    for tries in range(1, 6):
        assert timedelta(seconds=300) <= rules.next_try(tries) <= timedelta(seconds=330)
    assert sum(rules.SCHEDULE, timedelta()) >= timedelta(hours=24)
    assert rules.next_try(len(rules.SCHEDULE)) is not None
    assert rules.next_try(len(rules.SCHEDULE) + 1) is None


def test_the_receivers_own_wish_lengthens_the_wait_and_is_capped():
    assert rules.next_try(1, retry_after=timedelta(hours=1)) == timedelta(hours=1)
    assert rules.next_try(1, retry_after=timedelta(seconds=1)) >= timedelta(seconds=300)
    assert rules.next_try(1, retry_after=timedelta(days=9)) == timedelta(hours=24)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("120", timedelta(seconds=120)),
        ("99999999999999999999", timedelta(hours=24)),
        ("Sun, 01 Mar 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Sun, 01 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("Sun, 01 Mar 2099 11:00:00 GMT", timedelta(hours=24)),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(text, wait):
    assert rules.read_retry_after(text, NOON) == wait


def test_an_endpoint_rests_longer_the_more_it_fails():
    assert [rules.rest(n) for n in (1, 4, 5, 6, 7, 8, 9, 500)] == [
        None,
        None,
        *[timedelta(seconds=s) for s in (30, 60, 120, 240, 300, 300)],
    ]


def test_only_many_failures_over_days_switch_an_endpoint_off():
    old = NOON - timedelta(days=5)
    assert rules.should_switch_off(10, old, NOON) is True
    assert rules.should_switch_off(9, old, NOON) is False
    assert rules.should_switch_off(500, old + timedelta(minutes=1), NOON) is False
    assert rules.should_switch_off(0, None, NOON) is False
