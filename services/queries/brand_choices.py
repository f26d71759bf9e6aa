"""Which brands a service may choose from (reference: web-ui §18.1): what a page offers is what an action allows."""

from dataclasses import dataclass
from typing import Literal

from branding import queries as brands
from branding.models import EmailBrand, LetterBrand
from organisations.rules import NHS_TYPES, may_use_government_brand
from services.models import Service

Kind = Literal["email", "letter"]
GOVERNMENT, GOVERNMENT_AND_ORGANISATION, ORGANISATION, SOMETHING_ELSE = "govuk", "govuk_and_org", "organisation", "else"


@dataclass(frozen=True)
class BrandChoice:
    """One radio button. A brand that is there already can be applied; the others lead to uploading or asking."""

    key: str
    label: str
    brand: EmailBrand | LetterBrand | None = None
    can_be_applied: bool = False


def choices(service: Service, kind: Kind) -> list[BrandChoice]:
    """What this service may choose now, in page order."""
    found = _fixed_email(service) if kind == "email" else []
    current = service.email_brand_id if kind == "email" else service.letter_brand_id
    nhs = brands.nhs_email_brand() if kind == "email" else brands.nhs_letter_brand()
    if nhs and service.organisation_type in NHS_TYPES and nhs.pk != current:
        found.append(BrandChoice(str(nhs.pk), nhs.name, nhs, can_be_applied=True))
    pool = _pool(service, kind)
    offered = [brand for brand in pool if brand.pk != current and (nhs is None or brand.pk != nhs.pk)]
    found += [BrandChoice(str(brand.pk), brand.name, brand, can_be_applied=True) for brand in offered]
    if not pool and service.organisation:
        found.append(BrandChoice(ORGANISATION, service.organisation.name))
    return [*found, BrandChoice(SOMETHING_ELSE, "Something else")]


def choice(service: Service, kind: Kind, key: str) -> BrandChoice | None:
    """A legal choice by its key; None when the service may not choose it."""
    return next((one for one in choices(service, kind) if one.key == key), None)


def may_have_government_brand(service: Service) -> bool:
    """Central government whose organisation has no brand of its own to start with."""
    if not may_use_government_brand(service.organisation_type):
        return False
    return service.organisation is None or service.organisation.default_email_brand_id is None


def _fixed_email(service: Service) -> list[BrandChoice]:
    found = []
    if may_have_government_brand(service) and service.email_brand_id is not None:
        found.append(BrandChoice(GOVERNMENT, "Government brand", None, can_be_applied=True))
    if may_use_government_brand(service.organisation_type) and service.organisation:
        label = f"Government brand and {service.organisation.name}"
        if not any(brand.name == label for brand in _pool(service, "email")):
            found.append(BrandChoice(GOVERNMENT_AND_ORGANISATION, label))
    return found


def _pool(service: Service, kind: Kind) -> list[EmailBrand | LetterBrand]:
    if service.organisation is None:
        return []
    organisation = service.organisation
    pool = organisation.email_brand_pool if kind == "email" else organisation.letter_brand_pool
    return list(pool.filter(is_active=True).order_by("name"))
