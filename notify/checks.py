"""Checks of the settings: an installation that would be unsafe or could not work refuses to start and says why."""

from collections.abc import Iterator
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, register, run_checks
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

SHORTEST_SECRET = 32
CHANNELS = {"SMS_PROVIDERS": "text messages", "EMAIL_PROVIDERS": "emails", "LETTER_PROVIDERS": "letters"}


@register("notify")
def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """What is wrong with the settings, as far as reading them tells."""
    return [*_sandbox(), *_secrets(), *_addresses(), *_providers()]


def _sandbox() -> Iterator[CheckMessage]:
    if settings.SANDBOX and not settings.EMBEDDED and not settings.SANDBOX_IN_PRODUCTION:
        yield Error(
            "The sandbox is on: everybody who opens its page reads everybody’s messages, and nothing is sent.",
            hint="Remove NOTIFY_SANDBOX, or set NOTIFY_SANDBOX_IN_PRODUCTION=1 as well if that is what you want.",
            id="notify.E001",
        )


def _secrets() -> Iterator[CheckMessage]:
    if len(settings.SECRET_KEY) < SHORTEST_SECRET:
        yield Error(
            f"SECRET_KEY has fewer than {SHORTEST_SECRET} characters.",
            hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'.",
            id="notify.E002",
        )
    for number, key in enumerate(settings.ENCRYPTION_KEYS, start=1):
        try:
            Fernet(key)
        except ValueError:
            yield Error(
                f"Key {number} of NOTIFY_ENCRYPTION_KEYS is not a Fernet key.",
                hint="Make one: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'.",
                id="notify.E003",
            )
    if not settings.ENCRYPTION_KEYS:
        yield Error(
            "NOTIFY_ENCRYPTION_KEYS names no key, so messages could not be stored.",
            hint="Make one: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'.",
            id="notify.E003",
        )


def _addresses() -> Iterator[CheckMessage]:
    for name in ("BASE_URL", "API_BASE_URL"):
        if not getattr(settings, name).startswith(("http://", "https://")):
            yield Error(f"{name} does not begin with https:// or http://.", id="notify.E004")
    if not settings.EMBEDDED and not settings.BASE_URL.startswith("https://"):
        yield Caution(
            "BASE_URL is not https: passwords and messages cross the network readable, and cookies are not kept to HTTPS.",
            hint="Put a proxy with a certificate in front and set BASE_URL=https://… and BEHIND_PROXY=1.",
            id="notify.W001",
        )
    if settings.DEBUG and not settings.EMBEDDED:
        yield Caution("DEBUG is on: error pages show settings and people’s messages.", id="notify.W002")


def _providers() -> Iterator[CheckMessage]:
    for setting, channel in CHANNELS.items():
        names = getattr(settings, setting)
        for name in names:
            if name not in settings.PROVIDERS:
                yield Error(
                    f"{setting} names ‘{name}’, which is no provider.",
                    hint=f"Known ones: {', '.join(settings.PROVIDERS)}. MORE_PROVIDERS adds others.",
                    id="notify.E005",
                )
            elif name == "sandbox" and not settings.SANDBOX:
                yield Error(
                    f"{setting} names the sandbox, which is off.",
                    hint="Name another provider, or set NOTIFY_SANDBOX=1.",
                    id="notify.E006",
                )
        if not names:
            yield Caution(f"{setting} is empty: {channel} are accepted and wait.", id="notify.W003")
    for name, path in settings.PROVIDERS.items():
        try:
            import_string(path)
        except ImportError as error:
            yield Error(f"The provider ‘{name}’ cannot be loaded: {error}.", id="notify.E005")


def refuse_bad_settings() -> None:
    """For processes that serve, which run no checks by themselves: raises ImproperlyConfigured naming every error."""
    errors = [message for message in run_checks(tags=["notify"]) if message.is_serious()]
    if errors:
        raise ImproperlyConfigured("\n".join(f"{error.id}: {error.msg} {error.hint or ''}".rstrip() for error in errors))
