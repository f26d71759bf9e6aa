"""Counting words of providers that nobody has told us the meaning of, for staff to add them to the settings."""

import logging
from collections import Counter
from collections.abc import Iterable

from django.db.models import F

from messaging.providers.models import UnlistedStatus
from notify.lib import clock

logger = logging.getLogger(__name__)


def count_unlisted(words: Iterable[tuple[str, str]]) -> None:
    """Count words by provider. The log's `receipt.unlisted_status` tells of each new one."""
    moment = clock.now()
    for (provider, word), number in sorted(Counter((p, w[:100]) for p, w in words).items()):
        row, is_new = UnlistedStatus.objects.get_or_create(
            provider=provider, word=word, defaults={"first_seen_at": moment, "last_seen_at": moment}
        )
        UnlistedStatus.objects.filter(pk=row.pk).update(count=F("count") + number, last_seen_at=moment)
        if is_new:
            logger.error("receipt.unlisted_status provider=%s word=%s", provider, word)
