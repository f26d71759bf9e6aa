"""Texts that people send to a service."""

from typing import Any

from messaging.inbound.actions.receive import receive_texts
from messaging.inbound.models import ReceivedText
from messaging.providers.base import InboundText


def say(words: str, source: str = "447700900123", **fields: Any) -> list[ReceivedText]:
    """Somebody texts the service whose number is 07700900111."""
    return receive_texts([InboundText("http-sms", source, "447700900111", words, **fields)])
