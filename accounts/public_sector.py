"""Which email addresses belong to the public sector: a built-in list, and the domains that other apps know."""

from collections.abc import Callable, Iterable

from django.conf import settings

# Domains of the United Kingdom's public sector; every address under them counts too. Add others with the setting
# PUBLIC_SECTOR_DOMAINS or as domains of an organisation.
BUILT_IN = (
    "gov.uk",
    "nhs.uk",
    "nhs.net",
    "mod.uk",
    "police.uk",
    "parliament.uk",
    "ac.uk",
    "sch.uk",
    "gov.scot",
    "gov.wales",
    "llyw.cymru",
    "senedd.wales",
    "judiciary.uk",
    "scotent.co.uk",
    "hmcts.net",
    "onevoicewales.wales",
)

_sources: list[Callable[[str], bool]] = []


def register_domain_source(is_known: Callable[[str], bool]) -> None:
    """Let another app recognise addresses: `is_known(address in lower case)`."""
    _sources.append(is_known)


def built_in_domains() -> Iterable[str]:
    yield from BUILT_IN
    yield from settings.PUBLIC_SECTOR_DOMAINS


def is_public_sector_email(email: str) -> bool:
    """Whether an address belongs to the public sector."""
    address = email.strip().lower()
    domain = address.rpartition("@")[2]
    if any(domain == known or domain.endswith(f".{known}") for known in built_in_domains()):
        return True
    return any(is_known(address) for is_known in _sources)
