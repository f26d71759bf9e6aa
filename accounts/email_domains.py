"""Which email addresses belong to the public sector: a built-in list, and the domains that other apps know."""

from collections.abc import Iterable

from django.conf import settings

from accounts.slots import email_domain_sources

# Domains of the United Kingdom's public sector (reference: web-ui §1.3); every address under them counts too. Add others with
# the setting PUBLIC_SECTOR_DOMAINS or as domains of an organisation.
BUILT_IN = (
    "gov.uk",
    "nhs.uk",
    "nhs.net",
    "nhs.scot",
    "nhs.wales",
    "police.uk",
    "cjsm.net",
    "sch.uk",
    "hscni.net",
    "llyw.cymru",
    "judiciary.uk",
    "kirkleeseducation.uk",
)


def built_in_domains() -> Iterable[str]:
    yield from BUILT_IN
    yield from settings.PUBLIC_SECTOR_DOMAINS


def is_public_sector_email(email: str) -> bool:
    """Whether an address belongs to the public sector."""
    address = email.strip().lower()
    domain = address.rpartition("@")[2]
    if any(domain == known or domain.endswith(f".{known}") for known in built_in_domains()):
        return True
    return any(is_known(address) for is_known in email_domain_sources)
