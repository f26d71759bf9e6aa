"""The brand of a service in the shape the text engine takes."""

from messaging.content import EmailBrand
from services.models import Service


def brand_of(service: Service) -> EmailBrand | None:
    """A service's email brand; None stands for the platform's default."""
    brand = service.email_brand
    if brand is None:
        return None
    return EmailBrand(
        style=brand.style, logo_url=brand.logo_url, colour=brand.colour or "#000000", text=brand.text, alt=brand.alt_text
    )
