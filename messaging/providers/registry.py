"""Which providers there are, and which one takes the next message."""

import random
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from messaging.providers import health
from messaging.providers.base import Outgoing, Provider, Result, Unknown
from messaging.providers.models import ProviderState
from notify.lib.short_cache import cached
from services.enums import Channel

_SETTINGS = {
    Channel.SMS: "SMS_PROVIDERS",
    Channel.EMAIL: "EMAIL_PROVIDERS",
    Channel.LETTER: "LETTER_PROVIDERS",
}


class NoProvider(Exception):  # noqa: N818 - an answer, not a fault
    """No provider can take a message of this channel now; it waits in the queue."""


@lru_cache(maxsize=32)
def _build(path: str) -> Provider:
    built = import_string(path)()
    assert isinstance(built, Provider)
    return built


def provider(name: str) -> Provider:
    """The provider of that name; refuses an unknown name with NoProvider."""
    path = settings.PROVIDERS.get(name)
    if path is None:
        raise NoProvider(f"There is no provider “{name}”: see the setting PROVIDERS")
    return _build(path)


def providers_for(channel: str) -> list[Provider]:
    """The providers the installation names for a channel, the preferred one first."""
    return [provider(name) for name in getattr(settings, _SETTINGS[Channel(channel)])]


def send(name: str, outgoing: Outgoing) -> Result:
    """Hand a message to a provider and remember how that went."""
    try:
        result = provider(name).send(outgoing)
    except Exception:
        health.note(name, Unknown("The provider’s code broke"))
        raise
    health.note(name, result)
    return result


def choose(channel: str, *, international: bool = False, attempt: int = 1, after: str | None = None) -> str:
    """The name of the provider that takes the next message of a channel, by the shares that staff set.

    From the second attempt on the others take turns, so that a message not taken by one (`after`) is offered to the next at
    once. Refuses with NoProvider when the installation has none, when staff switched all of them off, and when each of them
    stopped because it takes nothing from us.
    """
    usable = _usable(channel, international=international)
    if not usable:
        raise NoProvider(f"No provider is set up and switched on for {Channel(channel).label.lower()}")
    stopped = {name for name, _ in usable if health.why_stopped(name)}
    if len(usable) > 1 or stopped:
        awake = [entry for entry in usable if not health.is_resting(entry[0])]
        # With nobody else to turn to, trying is better than resting, unless the provider told us that it is no use.
        usable = awake or [entry for entry in usable if entry[0] not in stopped]
    if not usable:
        raise NoProvider(f"Every provider of {Channel(channel).label.lower()}s has stopped: {_reasons(stopped)}")
    if attempt > 1 and len(usable) > 1:
        return _next_after(after, [name for name, _ in usable], attempt)
    weights = [share for _, share in usable]
    if not any(weights):
        return usable[0][0]
    return random.choices([name for name, _ in usable], weights=weights)[0]


def has_other(name: str, channel: str, *, international: bool = False) -> bool:
    """Whether a channel has a provider besides this one that could take a message now."""
    others = [other for other, _ in _usable(channel, international=international) if other != name]
    return any(not health.rests(other) for other in others)


def _usable(channel: str, *, international: bool) -> list[tuple[str, int]]:
    return [(each.name, share) for each, share in _shares(channel) if each.supports_international or not international]


def _reasons(names: set[str]) -> str:
    return "; ".join(f"{name}: {health.why_stopped(name)}" for name in sorted(names))


def _next_after(after: str | None, names: list[str], attempt: int) -> str:
    place = names.index(after) + 1 if after in names else attempt - 1
    return names[place % len(names)]


def _shares(channel: str) -> list[tuple[Provider, int]]:
    """The switched-on providers of a channel with their shares; one without a row of its own counts as 100."""
    rows = cached(
        ("provider shares", channel),
        lambda: {row.name: (row.share, row.is_active) for row in ProviderState.objects.filter(channel=channel)},
    )
    found = [(each, *rows.get(each.name, (100, True))) for each in providers_for(channel)]
    return [(each, share) for each, share, is_active in found if is_active]
