"""What every page knows about the platform."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def platform(request: HttpRequest) -> dict[str, Any]:
    """The platform's name, colour and support, and whether the sandbox is on."""
    return {
        "PLATFORM_NAME": settings.PLATFORM_NAME,
        "PLATFORM_COLOUR": settings.PLATFORM_COLOUR,
        "SUPPORT_EMAIL": settings.SUPPORT_EMAIL,
        "SUPPORT_URL": settings.SUPPORT_URL,
        "SANDBOX": settings.SANDBOX,
    }
