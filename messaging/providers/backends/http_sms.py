"""Text messages through any provider with a JSON interface over HTTP, described by the setting HTTP_SMS.

docs/providers.md has an example and every key. Several accounts are several subclasses that read other settings.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import urllib3
from django.conf import settings
from django.http import HttpRequest
from urllib3.exceptions import HTTPError, LocationValueError, NewConnectionError
from urllib3.util import Timeout

from messaging.enums import Status
from messaging.providers.backends.reading import moment_of, read_json, status_of, uuid_of
from messaging.providers.base import (
    InboundText,
    NotSent,
    Outgoing,
    Provider,
    ProviderAccepted,
    Receipt,
    Rejected,
    Result,
    Unknown,
    UnreadableBody,
)
from notify.lib import clock
from services.enums import Channel

# reliability §3.4
CONNECT_TIMEOUT, READ_TIMEOUT, TOTAL_TIMEOUT = 2, 10, 15
# Connections kept open: as many as the threads of one process call at once.
POOL = 64
_OUR_ACCOUNT = {401, 402, 403}
# Nobody takes texts at this address. A redirect would be followed with the text in it, so it counts as a wrong address.
_WRONG_ADDRESS = {301, 302, 303, 307, 308, 404, 405, 410}
# A gateway speaks in the provider's place, so the provider has not seen the text; HTTP_SMS's `not_taken` says otherwise.
NOT_TAKEN = (502, 503, 504)
_TOO_MANY = 429
_SLOT = re.compile(r"\{(to|to_plain|sender|text|id|service)\}")


class HttpSms(Provider):
    """One JSON request for each text message; receipts and received texts come back to /receipts/http-sms/."""

    name = "http-sms"
    channels = frozenset({Channel.SMS})

    @property
    def config(self) -> Mapping[str, Any]:
        """The description of the provider's interface."""
        return settings.HTTP_SMS

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        return urllib3.PoolManager(
            maxsize=POOL,
            retries=False,
            timeout=Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT, total=TOTAL_TIMEOUT),
        )

    def send(self, outgoing: Outgoing) -> Result:
        """POST the message. Only an answer that says so counts as not sent; a broken one is an unknown outcome."""
        values = {
            "to": outgoing.to,
            "to_plain": outgoing.to.lstrip("+"),
            "sender": outgoing.sender,
            "text": outgoing.text,
            "id": str(outgoing.notification_id),
            "service": outgoing.service_name,
        }
        headers = {key: str(fill(value, values)) for key, value in self.config.get("headers", {}).items()}
        try:
            response = self._pool.request(
                "POST", self.config["url"], json=fill(self.config["body"], values), headers=headers, redirect=False
            )
        except LocationValueError:
            return NotSent("The provider’s address is not a URL", stops=True)
        except (NewConnectionError, urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.SSLError):
            return NotSent("The provider cannot be reached")
        except HTTPError as error:
            return Unknown(f"The connection broke: {type(error).__name__}")
        return self._read(response)

    def _read(self, response: urllib3.BaseHTTPResponse) -> Result:
        """The class of an answer (reliability §3.4)."""
        status = response.status
        if 200 <= status < 300:
            # Taken, whatever the body looks like: sending again would send twice.
            try:
                reference = dig(read_json(response.data), self.config.get("reference", ""))
            except UnreadableBody:
                reference = None
            return ProviderAccepted(provider_reference=None if reference is None else str(reference))
        retry_after = _seconds(response.headers.get("Retry-After"))
        if status == _TOO_MANY:
            return NotSent("The provider asks us to slow down", retry_after=retry_after)
        if status in self.config.get("not_taken", NOT_TAKEN):
            return NotSent(f"The provider cannot take messages now ({status})", retry_after=retry_after)
        if status in _OUR_ACCOUNT:
            return NotSent(f"The provider does not accept our account ({status})", stops=True)
        if status in _WRONG_ADDRESS:
            return NotSent(f"The provider takes no messages at our address for it ({status})", stops=True)
        if 400 <= status < 500:
            return Rejected(f"The provider refused the message ({status})")
        return Unknown(f"The provider answered {status}")

    def verify_receipt(self, request: HttpRequest) -> bool:
        """A header with one of two secrets, or an HMAC-SHA256 of the body under one of them. Without a secret: nobody."""
        receipt = self.config.get("receipt", {})
        secrets = [secret for secret in receipt.get("secrets", []) if secret]
        given = request.headers.get(receipt.get("header", "Authorization"), "")
        if receipt.get("signature"):
            wanted = [hmac.new(s.encode(), request.body, hashlib.sha256).hexdigest() for s in secrets]
            given = given.removeprefix("sha256=")
        else:
            wanted = secrets
            given = given.removeprefix("Bearer ")
        return sum(hmac.compare_digest(given.encode(), each.encode()) for each in wanted) > 0  # every one is compared

    def parse_receipts(self, raw: bytes, content_type: str = "") -> list[Receipt]:
        """The receipts of a body, by the paths of `receipt`; a status that is not listed changes nothing."""
        paths = self.config.get("receipt", {})
        return [self._receipt(entry, paths) for entry in entries(read_json(raw), paths)]

    def _receipt(self, entry: Any, paths: Mapping[str, Any]) -> Receipt:
        word = dig(entry, paths.get("status", "status"))
        reference = dig(entry, paths.get("reference", "reference"))
        notification_id = uuid_of(dig(entry, paths.get("id", "id")))
        if word is None or (reference is None and notification_id is None):
            raise UnreadableBody("A receipt needs a status, and an id or a reference")
        known = paths.get("statuses", {})
        status = status_of(known[str(word)]) if str(word) in known else None
        return Receipt(
            provider=self.name,
            status=status,
            unlisted="" if status else str(word),
            notification_id=notification_id,
            reference="" if reference is None else str(reference),
            detail="" if status in {None, Status.DELIVERED, Status.SENT, Status.PENDING} else f"The provider says {word}"[:255],
            at=moment_of(dig(entry, paths.get("at", "at"))),
        )

    def parse_inbound(self, raw: bytes, content_type: str = "") -> list[InboundText]:
        """The texts of a body, by the paths of `inbound`."""
        paths = self.config.get("inbound", {})
        found = []
        for entry in entries(read_json(raw), paths):
            source, destination = dig(entry, paths.get("source", "from")), dig(entry, paths.get("destination", "to"))
            message = dig(entry, paths.get("message", "text"))
            if not source or not destination or message is None:
                raise UnreadableBody("A text needs a sender, a number it was sent to, and words")
            found.append(
                InboundText(
                    provider=self.name,
                    source=str(source),
                    destination=str(destination),
                    message=str(message),
                    reference=str(dig(entry, paths.get("reference", "id")) or ""),
                    at=moment_of(dig(entry, paths.get("at", "at"))),
                )
            )
        return found


def fill(template: Any, values: Mapping[str, str]) -> Any:
    """A JSON template with its {slots} filled in, each once: what a value contains is never read as a slot."""
    if isinstance(template, str):
        return _SLOT.sub(lambda match: values[match.group(1)], template)
    if isinstance(template, Mapping):
        return {key: fill(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, values) for value in template]
    return template


def dig(value: object, path: str) -> Any:
    """What stands at a dotted path (`messages.0.id`) of a JSON value, or None."""
    for step in filter(None, path.split(".")):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return None if path == "" else value


def entries(body: Any, paths: Mapping[str, Any]) -> list[Any]:
    """The list of receipts or texts in a body, which may be one of them itself."""
    found = dig(body, paths["list"]) if paths.get("list") else body
    if isinstance(found, Mapping):
        return [found]
    if not isinstance(found, list):
        raise UnreadableBody("The body is neither an object nor a list")
    return found


def _seconds(text: str | None) -> float | None:
    """Retry-After in seconds, whichever of its two forms it has; None when there is none that can be read."""
    if text and text.strip().isdecimal():
        return float(text)
    moment = moment_of(text)
    return max((moment - clock.now()).total_seconds(), 0.0) if moment else None
