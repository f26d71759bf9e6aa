"""Links by which people stop a service's emails. A token is bound to its message and lives a year (public-api §8)."""

from uuid import UUID

from django.conf import settings
from django.core import signing

MAX_AGE_SECONDS = 365 * 24 * 3600
_SALT = "messaging.notifications.links.unsubscribe"


def token_for(notification_id: UUID) -> str:
    return signing.TimestampSigner(salt=_SALT).sign(str(notification_id)).split(":", 1)[1]


def is_valid(notification_id: UUID, token: str) -> bool:
    """Whether a token was made for this message within the last year."""
    try:
        signing.TimestampSigner(salt=_SALT).unsign(f"{notification_id}:{token}", max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return False
    return True


def unsubscribe_post_url(notification_id: UUID) -> str:
    """The address mail programs post to (RFC 8058)."""
    return f"{settings.API_BASE_URL}/unsubscribe/{notification_id}/{token_for(notification_id)}"


def unsubscribe_page_url(notification_id: UUID) -> str:
    """The page people open; it asks once more, so that a link scanner unsubscribes nobody."""
    return f"{settings.BASE_URL}/unsubscribe-page/{notification_id}/{token_for(notification_id)}"
