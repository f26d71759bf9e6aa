"""What may be a callback's address, and when a callback is tried again. Numbers: reference public-api §12, reliability §3.8."""

import random
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings

MINIMUM_TOKEN = 10
MAX_ENDPOINTS = 10  # of one kind and service

# Lower-case https, an optional user, a host of ASCII letters, digits, dots and hyphens with a top-level domain, then a port,
# a path, a query and a fragment (reference: public-api §12.6).
_PCHAR = r"[\w\-.~%!$&'()*+,;=:@/]"
_URL = re.compile(
    r"https://"
    r"([\w\-.~%!$&'()*+,;=]+@)?"
    r"[A-Za-z0-9.\-]+\.[A-Za-z]{2,}"
    r"(:\d+)?"
    rf"(/{_PCHAR}*)?"
    rf"(\?{_PCHAR.replace('/', '/?')}*)?"
    rf"(#{_PCHAR.replace('/', '/?')}*)?"
)

# After the n-th failed attempt. The first five are the contract's, so that receivers notice no difference; then on for a day.
_CONTRACT = [timedelta(seconds=300)] * 5
_BEYOND = [timedelta(hours=h) for h in (0.5, 1, 2, 4, 8, 9)]
SCHEDULE = [*_CONTRACT, *_BEYOND]
JITTER = 0.2
MAX_RETRY_AFTER = timedelta(hours=24)

# One probe at a time while an endpoint fails, and a rest that doubles up to the contract's own interval.
IN_FLIGHT = 4
REST_AFTER_FAILURES = 5
_FIRST_REST = timedelta(seconds=30)
_LONGEST_REST = timedelta(seconds=300)

WARN_AFTER = timedelta(hours=24)
OFF_AFTER = timedelta(days=5)
OFF_AFTER_FAILURES = 10

SECRET_OVERLAP = timedelta(hours=24)
GONE = 410


def url_problem(url: str) -> str | None:
    """Why a URL may not be a callback's address, or None. Hosts that the installation opened may have any form."""
    if not _is_latin(url):
        return "Must be a valid https URL: percent-encode characters that are not in Latin-1"
    if _URL.fullmatch(url):
        return None
    if is_opened(url):
        return None
    return "Must be a valid https URL"


def is_opened(url: str) -> bool:
    """Whether the installation opened this host and port for development."""
    found = re.match(r"(https?)://([^/?#\s\\@]+)(?=[/?#]|$)", url)
    if found is None or re.search(r"[\s\\]", url):
        return False
    scheme, host = found.groups()
    if ":" not in host:
        host += ":80" if scheme == "http" else ":443"
    return host in settings.CALLBACK_ALLOWED_HOSTS


def token_problem(token: str) -> str | None:
    """Why a bearer token is refused, or None."""
    if len(token) < MINIMUM_TOKEN:
        return f"The bearer token must be at least {MINIMUM_TOKEN} characters long"
    if not _is_latin(token):
        return "The bearer token must not contain characters that are not in Latin-1"
    if not token.isprintable():
        return "The bearer token must not contain line breaks or control characters"
    return None


def _is_latin(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def next_try(tries: int, *, retry_after: timedelta | None = None) -> timedelta | None:
    """How long to wait after the n-th failed attempt, or None when it was the last.

    The receiver's own wish can only lengthen it.
    """
    if tries > len(SCHEDULE):
        return None
    wait = SCHEDULE[tries - 1]
    # The contract's own interval is only ever lengthened, later ones spread both ways.
    low = 1.0 if tries <= len(_CONTRACT) else 1 - JITTER
    wait *= random.uniform(low, 1 + JITTER / 2)
    return max(wait, min(retry_after, MAX_RETRY_AFTER)) if retry_after else wait


def rest(failures: int) -> timedelta | None:
    """How long an endpoint is left alone after so many failures in a row, or None."""
    over = failures - REST_AFTER_FAILURES
    if over < 0:
        return None
    return min(_FIRST_REST * 2 ** min(over, 10), _LONGEST_REST)


def should_switch_off(failures: int, failing_since: datetime | None, moment: datetime) -> bool:
    """Whether an endpoint failed for so long, and so often, that it is switched off."""
    return failing_since is not None and failures >= OFF_AFTER_FAILURES and moment - failing_since >= OFF_AFTER


def read_retry_after(text: str | None, moment: datetime) -> timedelta | None:
    """The header's seconds or date as a wait, or None when there is none or it cannot be read."""
    if not text:
        return None
    text = text.strip()
    if text.isdigit():
        return timedelta(seconds=min(int(text[:10]), int(MAX_RETRY_AFTER.total_seconds())))
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    wait = (found if found.tzinfo else found.replace(tzinfo=UTC)) - moment
    return min(max(wait, timedelta(0)), MAX_RETRY_AFTER)
