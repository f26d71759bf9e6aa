"""Links that answer a received text: they carry the number, signed, so that nobody else's can be put in its place."""

from django.core import signing

from services.models import Service

_SALT = "notifications.reply"


def sign_number(service: Service, number: str) -> str:
    """A number for a link of this service."""
    return signing.dumps([str(service.pk), number], salt=_SALT)


def number_of(service: Service, signed: str) -> str:
    """The number a link carries; "" for a link that is not ours, or is another service's."""
    try:
        service_id, number = signing.loads(signed, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return ""
    return str(number) if service_id == str(service.pk) else ""
