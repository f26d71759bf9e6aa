"""Reads about text message sender names."""

from services.models import ProtectedSenderName


def comparable(name: str) -> str:
    """A sender name as it is compared: capitals, without spaces, and look-alike digits as the letters they stand for."""
    plain = "".join(name.split()).upper()
    return plain.translate(str.maketrans("0158", "OISB")) if not plain.isdigit() else plain


def is_protected(name: str) -> bool:
    """Whether a team must not take a name for itself."""
    return ProtectedSenderName.objects.filter(name=comparable(name)).exists()
