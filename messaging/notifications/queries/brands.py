"""The brand of a service in the shape the text engine takes."""

from django.conf import settings

from branding.models import EmailBrand as BrandRow
from content import EmailBranding
from services.models import Service


def brand_of(service: Service) -> EmailBranding:
    """A service's email brand, or the platform's own look."""
    return platform_brand() if service.email_brand is None else as_content_brand(service.email_brand)


def platform_brand() -> EmailBranding:
    """The platform's own banner with its name."""
    return EmailBranding(platform=settings.PLATFORM_NAME)


def as_content_brand(brand: BrandRow, *, origin: str = "") -> EmailBranding:
    """A brand for the text engine. `origin` names another address of this platform for the logo, as a preview page needs."""
    logo_url = brand.logo_url
    if origin and logo_url:
        logo_url = origin + logo_url.removeprefix(settings.BASE_URL)
    return EmailBranding(
        style=brand.style,
        logo_url=logo_url,
        colour=brand.colour or "#000000",
        text=brand.text,
        alt=brand.alt_text,
        platform=settings.PLATFORM_NAME,
    )
