"""Requests to addresses that a service team chose: the one module that may make them.

The name is resolved once; if any answer is not an ordinary public address the request is refused, else the connection goes to
the very address that was checked, with the certificate checked against the name. No redirects, no proxies, no cookies, one
deadline for everything, and no more of the answer than the cap. Numbers: reliability §3.8.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import urllib3
from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, LocationParseError, NewConnectionError
from urllib3.util import Timeout, parse_url

DEADLINE = 15.0
CONNECT_TIMEOUT = 3.0
READ_TIMEOUT = 10.0
RESPONSE_CAP = 16 * 1024
MAX_URL = 2_048

# `is_global` lets these through on some Python versions, or they lead back inside (reliability §3.9).
_REFUSED = [
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments, a cloud's metadata address among them
        "192.88.99.0/24",  # 6to4 relays
        "100.64.0.0/10",  # carrier-grade NAT
        "168.63.129.16/32",  # a cloud's host agent
        "::/96",  # IPv4-compatible
        "64:ff9b:1::/48",  # local NAT64
        "100::/64",  # discard
        "2001::/23",  # Teredo and other protocol assignments
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local
    )
]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_resolvers = ThreadPoolExecutor(max_workers=16, thread_name_prefix="resolve")


class OutboundRefused(Exception):  # noqa: N818 - an answer, not a fault
    """The address may not be called: nothing was sent. The message is for the team."""


class OutboundFailed(Exception):  # noqa: N818
    """The request got no answer: no connection, no trust, or no time. The message is for the team."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` holds at most the cap; `cut` says that there was, or may have been, more."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL. `opened` means that the installation allows this host and port whatever its address."""

    scheme: str
    host: str
    port: int
    path: str
    opened: bool


def is_ordinary_address(text: str) -> bool:
    """Whether an address is a public one that cannot lead back inside."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_ordinary_address(str(address.ipv4_mapped))
        if address in _NAT64:
            return is_ordinary_address(str(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)))
        if address.is_site_local:
            return False
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    own = [ipaddress.ip_network(network) for network in settings.CALLBACK_REFUSED_NETWORKS]
    return not any(address in network for network in [*_REFUSED, *own] if network.version == address.version)


def check_url(url: str) -> Target:
    """Read a URL with the parser the request will use; refuses with OutboundRefused what must not be called."""
    if len(url) > MAX_URL:
        raise OutboundRefused(f"The URL is longer than {MAX_URL} characters")
    if "\\" in url or any(c.isspace() or ord(c) < 32 or ord(c) == 127 for c in url):
        raise OutboundRefused("The URL has a space, a control character or a backslash in it")
    try:
        parsed = parse_url(url)
    except LocationParseError:
        raise OutboundRefused("The URL cannot be read") from None
    host = (parsed.host or "").strip("[]")
    scheme = parsed.scheme or ""
    port = parsed.port or (80 if scheme == "http" else 443)
    opened = f"{host}:{port}" in settings.CALLBACK_ALLOWED_HOSTS
    if scheme != "https" and not (scheme == "http" and opened):
        raise OutboundRefused("The URL must begin with https://")
    if not host.isascii():
        raise OutboundRefused("The host name must be written in ASCII")
    if not opened and (host.endswith(".") or ("." not in host.strip(".") and ":" not in host) or host == "localhost"):
        raise OutboundRefused("The URL needs a full host name")
    return Target(scheme=scheme, host=host, port=port, path=parsed.request_uri, opened=opened)


def resolve(target: Target, seconds: float = CONNECT_TIMEOUT) -> tuple[Any, Any]:
    """The address family and socket address to connect to; refuses the host if any of its addresses is refused."""
    lookup = _resolvers.submit(socket.getaddrinfo, target.host, target.port, type=socket.SOCK_STREAM)
    try:
        found = lookup.result(timeout=seconds)
    except FutureTimeout:
        lookup.cancel()
        raise OutboundFailed("The host name was not resolved in time") from None
    except (OSError, UnicodeError):
        raise OutboundFailed("The host name cannot be resolved") from None
    if not found:
        raise OutboundFailed("The host name has no address")
    if not target.opened and not all(is_ordinary_address(str(address[0])) for *_, address in found):
        raise OutboundRefused("The host has a private or reserved address")
    # An IPv4 address first: a network without IPv6 would fail on the other one.
    family, _, _, _, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    return family, address


class _Pinned:
    """A connection that goes to an address chosen beforehand, and that a watchdog can cut."""

    pin: tuple[Any, Any]
    handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        family, address = self.pin
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(CONNECT_TIMEOUT)
        try:
            sock.connect(address)
        except OSError as error:
            sock.close()
            raise NewConnectionError(self, str(error)) from error  # type: ignore[arg-type]
        # TLS takes the socket over; a duplicate can still shut the connection down.
        type(self).handle = sock.dup()
        return sock


def _pool(target: Target, pin: tuple[Any, Any]) -> Any:
    secure = target.scheme == "https"
    connection = type("Connection", (_Pinned, HTTPSConnection if secure else HTTPConnection), {"pin": pin})
    base = HTTPSConnectionPool if secure else HTTPConnectionPool
    pool = type("Pool", (base,), {"ConnectionCls": connection})
    extra = {"ca_certs": settings.CALLBACK_CA_FILE or None} if secure else {}
    return pool(target.host, target.port, maxsize=1, retries=False, **extra)


class _Watchdog:
    """Cuts the connection when the time for the whole exchange is over, however busily bytes drip."""

    def __init__(self, pool: Any, seconds: float) -> None:
        self.pool = pool
        self.fired = False
        self._timer = threading.Timer(max(seconds, 0.01), self._cut)
        self._timer.daemon = True

    def _cut(self) -> None:
        self.fired = True
        handle = self.pool.ConnectionCls.handle
        if handle is not None:
            with suppress(OSError):  # it ended by itself
                handle.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "_Watchdog":
        self._timer.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._timer.cancel()
        handle = self.pool.ConnectionCls.handle
        if handle is not None:
            handle.close()
        self.pool.close()


def post(url: str, body: bytes, headers: Mapping[str, str], *, deadline: float = DEADLINE) -> Answer:
    """POST once and return the answer, whatever its status.

    Refuses addresses that may not be called with OutboundRefused; raises OutboundFailed when no answer came in time. An answer
    whose status came but whose body did not end in time or within the cap is an answer, marked `cut`.
    """
    started = time.monotonic()
    target = check_url(url)
    pin = resolve(target)
    pool = _pool(target, pin)
    with _Watchdog(pool, deadline - (time.monotonic() - started)) as watchdog:
        try:
            response = pool.urlopen(
                "POST",
                target.path,
                body=body,
                headers={"User-Agent": "Notify-callbacks", "Connection": "close", **headers},
                timeout=Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT),
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
        except (HTTPError, OSError, ssl.SSLError, ValueError) as error:
            raise OutboundFailed(_words(error, late=watchdog.fired)) from error
        if watchdog.fired:
            raise OutboundFailed("There was no answer in time")
        received, cut = _read(response)
        return Answer(
            status=response.status,
            headers=dict(response.headers.items()),
            body=received,
            cut=cut or watchdog.fired,
            seconds=time.monotonic() - started,
        )


def _read(response: urllib3.BaseHTTPResponse) -> tuple[bytes, bool]:
    """The first part of the body, and whether there may be more."""
    received = b""
    try:
        for chunk in response.stream(4_096, decode_content=False):
            received += chunk
            if len(received) >= RESPONSE_CAP:
                return received[:RESPONSE_CAP], True
    except (HTTPError, OSError, ValueError):
        return received[:RESPONSE_CAP], True
    return received, False


def _words(error: Exception, *, late: bool) -> str:
    """A failure in words that tell a team what to look at."""
    if isinstance(error, NewConnectionError) and not isinstance(error.__cause__, TimeoutError):
        return "The connection was refused"
    if late or isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError):
        return "There was no answer in time"
    if isinstance(error, urllib3.exceptions.SSLError | ssl.SSLError):
        return "The certificate or the encryption was not accepted"
    return "The connection broke before there was an answer"
