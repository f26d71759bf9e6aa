"""The audit trail in words people read."""

from audit.events import SENTENCES
from audit.models import AuditEvent


class _Gaps(dict[str, object]):
    """A sentence with a missing value is still a sentence."""

    def __missing__(self, key: str) -> str:
        return "…"


def describe(event: AuditEvent) -> str:
    """The sentence of an event, with who did it and to what."""
    sentence = SENTENCES.get(event.name, "{actor} did ‘" + event.name + "’ to {subject}")
    values = _Gaps(event.data) | {"actor": event.actor_label, "subject": event.subject_label}
    return sentence.format_map(_Gaps(values))
