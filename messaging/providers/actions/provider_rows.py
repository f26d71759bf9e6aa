"""The rows by which staff share out the traffic: one for each provider that the installation names."""

from typing import Any

from django.conf import settings
from django.db import connection

from messaging.providers.models import ProviderState
from services.enums import Channel

_SETTINGS = {Channel.SMS: "SMS_PROVIDERS", Channel.EMAIL: "EMAIL_PROVIDERS", Channel.LETTER: "LETTER_PROVIDERS"}


def ensure_provider_rows(**kwargs: Any) -> None:
    """After migrating: the first providers of a channel share its traffic evenly, one that is added later starts with none."""
    if ProviderState._meta.db_table not in connection.introspection.table_names():
        return
    for channel, setting in _SETTINGS.items():
        names = list(dict.fromkeys(getattr(settings, setting)))
        known = set(ProviderState.objects.filter(channel=channel).values_list("name", flat=True))
        new = [name for name in names if name not in known]
        shares = _even(len(new)) if not known else [0] * len(new)
        ProviderState.objects.bulk_create(
            [ProviderState(name=name, channel=channel, share=share) for name, share in zip(new, shares, strict=True)],
            ignore_conflicts=True,
        )


def _even(count: int) -> list[int]:
    """Whole percentages that make 100 together."""
    return [100 // count + (1 if place < 100 % count else 0) for place in range(count)]
