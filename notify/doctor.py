"""Looking over an installation: what works, what does not, and what to do about it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import redis
from django.conf import settings
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts.emails import can_send_texts
from accounts.models import User
from messaging.notifications.actions.partitions import rows_outside_partitions
from notify.celery import app
from organisations.models import Domain

Level = Literal["ok", "advice", "problem"]

# Codes and tokens are checked against the clock; more apart than this and they fail now and then.
CLOCK_MAY_DIFFER = 2.0
OLDEST_POSTGRESQL = 140_000
PING_SECONDS = 2


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `advice` says what to do unless everything is well."""

    area: str
    level: Level
    message: str
    advice: str = ""


def look_over(*, deep: bool = True) -> list[Finding]:
    """Look at everything. `deep` also calls the mail server and the workers, which takes seconds."""
    looks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("Settings", _settings),
        ("Database", _database),
        ("Broker", _broker),
        ("Storage", _storage),
        ("Clock", _clock),
        ("People", _people),
        ("Providers", _providers),
    ]
    if deep:
        looks += [("Mail server", _mail_server), ("Workers", _workers)]
    findings: list[Finding] = []
    for area, look in looks:
        try:
            findings += look()
        except Exception as error:  # noqa: BLE001 - a part that breaks is what the doctor is there to tell
            findings.append(Finding(area, "problem", f"Could not be looked at: {error}", "The message names the part."))
    return findings


def _settings() -> Iterator[Finding]:
    found = run_checks(tags=["notify"])
    for message in found:
        yield Finding("Settings", "problem" if message.is_serious() else "advice", message.msg, str(message.hint or ""))
    if not found:
        yield Finding("Settings", "ok", f"The settings fit together; the platform is at {settings.BASE_URL}")


def _database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield Finding(
            "Database", "problem", f"No connection: {error}", "Check DATABASE_URL, and that PostgreSQL runs and lets us in."
        )
        return
    version = int(getattr(connection, "pg_version", 0))
    if version < OLDEST_POSTGRESQL:
        yield Finding("Database", "problem", f"PostgreSQL {version // 10_000} is too old", "Use PostgreSQL 14 or later.")
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Finding("Database", "problem", f"{len(waiting)} migrations were not applied", "Run bin/manage migrate.")
    else:
        yield Finding("Database", "ok", f"PostgreSQL {version // 10_000}, and every migration is applied")
        if outside := rows_outside_partitions():
            advice = "Look for partitions.day_not_made in the workers’ logs, and see that the clock (celery beat) runs."
            yield Finding("Database", "problem", f"{outside:,} rows are outside the tables of their days", advice)


def _broker() -> Iterator[Finding]:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PING_SECONDS, socket_connect_timeout=PING_SECONDS)
    try:
        client.ping()
    except redis.RedisError as error:
        yield Finding(
            "Broker",
            "problem",
            f"No connection: {error}",
            "Check REDIS_URL, and that Valkey or Redis runs. Messages are kept and go out when it is back.",
        )
        return
    yield Finding("Broker", "ok", "Valkey or Redis answers")
    policy = client.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction")
    if policy != "noeviction":
        yield Finding(
            "Broker", "advice", f"It throws keys away when it is full ({policy})", "Set maxmemory-policy to noeviction."
        )


def _storage() -> Iterator[Finding]:
    name = default_storage.save("doctor.txt", ContentFile(b"doctor"))
    try:
        with default_storage.open(name) as file:
            well = file.read() == b"doctor"
    finally:
        default_storage.delete(name)
    if well:
        yield Finding("Storage", "ok", "Files can be written, read and removed")
    else:
        yield Finding("Storage", "problem", "A file came back changed", "Check FILE_STORAGE and MEDIA_ROOT.")


def _clock() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    apart = abs((datetime.now(UTC) - theirs).total_seconds())
    if apart > CLOCK_MAY_DIFFER:
        yield Finding(
            "Clock",
            "problem",
            f"This machine and the database are {apart:.0f} seconds apart",
            "Let both set their clocks by NTP. Codes, tokens and schedules depend on them.",
        )
    else:
        yield Finding("Clock", "ok", "This machine and the database agree on the time")


def _people() -> Iterator[Finding]:
    if User.objects.filter(is_superuser=True, is_active=True).exists():
        yield Finding("People", "ok", "There is an administrator")
    else:
        yield Finding(
            "People", "problem", "There is no administrator", "Run bin/manage first_admin and open the link it prints."
        )
    if not settings.PUBLIC_SECTOR_DOMAINS and not Domain.objects.exists():
        yield Finding(
            "People",
            "advice",
            "Only addresses of the built-in list of the United Kingdom’s public sector may register",
            "Add your own: PUBLIC_SECTOR_DOMAINS=town.example,county.example, or domains of organisations.",
        )


def _providers() -> Iterator[Finding]:
    names = {
        "emails": settings.EMAIL_PROVIDERS,
        "text messages": settings.SMS_PROVIDERS,
        "letters": settings.LETTER_PROVIDERS,
    }
    for what, providers in names.items():
        if providers == ["sandbox"]:
            yield Finding("Providers", "advice", f"The sandbox keeps {what}: nothing leaves", "Name a provider to really send.")
        elif providers:
            yield Finding("Providers", "ok", f"{what.capitalize()} leave through {', '.join(providers)}")
        # An empty list is found by the checks of the settings.
    if not can_send_texts():
        yield Finding(
            "Providers", "advice", "Sign-in codes go by email", "Set up a text message provider to send them by text."
        )


def _mail_server() -> Iterator[Finding]:
    backend: Any = get_connection()
    if not hasattr(backend, "host"):
        yield Finding("Mail server", "ok", f"The platform’s own emails go through {settings.EMAIL_BACKEND}")
        return
    started = time.monotonic()
    try:
        backend.open()
        backend.close()
    except OSError as error:
        advice = "Check EMAIL_URL (smtp+tls://user:password@host:587), and that the server lets this machine in."
        yield Finding("Mail server", "problem", f"{backend.host}:{backend.port} does not answer: {error}", advice)
    else:
        took = time.monotonic() - started
        yield Finding("Mail server", "ok", f"{backend.host}:{backend.port} answers in {took:.1f} seconds")


def _workers() -> Iterator[Finding]:
    answers = app.control.ping(timeout=PING_SECONDS)
    if answers:
        yield Finding("Workers", "ok", f"{len(answers)} answer")
    else:
        advice = "Start one: celery -A notify worker -B. Messages are kept until one runs."
        yield Finding("Workers", "problem", "No worker answers: nothing is being sent", advice)
