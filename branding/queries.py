"""Reads about brands."""

from branding.models import EmailBrand, LetterBrand

# The brands that NHS bodies start with are found by name; the first is made by a migration, a letter logo is uploaded.
NHS = "NHS"


def nhs_email_brand() -> EmailBrand | None:
    return EmailBrand.objects.filter(name=NHS, is_active=True).first()


def nhs_letter_brand() -> LetterBrand | None:
    return LetterBrand.objects.filter(name=NHS, is_active=True).first()
