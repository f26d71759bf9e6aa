"""Rules about organisations that need no database."""

import re

from organisations.enums import OrganisationType

NHS_TYPES = frozenset({OrganisationType.NHS_CENTRAL, OrganisationType.NHS_LOCAL, OrganisationType.NHS_GP})
GOVERNMENT_TYPES = frozenset({OrganisationType.CENTRAL})
# reference: service-lifecycle §3, "Crown". Other types are asked.
_CROWN_BY_TYPE = {
    OrganisationType.NHS_CENTRAL: True,
    OrganisationType.LOCAL: False,
    OrganisationType.NHS_LOCAL: False,
    OrganisationType.NHS_GP: False,
    OrganisationType.EMERGENCY_SERVICE: False,
    OrganisationType.SCHOOL_OR_COLLEGE: False,
}
# Everybody shares these, so they cannot say which organisation a person belongs to (reference: web-ui §20.2).
SHARED_DOMAINS = frozenset(
    {"nhs.uk", "nhs.net", "gov.uk", "gov.wales", "gov.scot", "sch.uk", "ac.uk", "police.uk", "co.uk", "org.uk"}
)
PERSONAL_DOMAINS = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "live.com", "yahoo.com", "icloud.com"}
)
MAX_DOMAINS = 30
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def crown_for_type(organisation_type: str) -> bool | None:
    """Whether bodies of this type are part of the Crown; None where it depends on the body."""
    return _CROWN_BY_TYPE.get(OrganisationType(organisation_type))


def may_use_government_brand(organisation_type: str) -> bool:
    """Only central government may look like the government itself."""
    return organisation_type in GOVERNMENT_TYPES


def normalise_domain(text: str) -> str:
    """A domain as it is stored: lower case, no surrounding space or full stop."""
    return text.strip().lower().strip(".")


def domain_problem(domain: str) -> str:
    """Why a normalised domain cannot be registered, as a sentence; empty when it can."""
    if "@" in domain:
        return f"Enter {domain!r} without the ‘@’ and what is before it, like example.gov.uk"
    labels = domain.split(".")
    if len(domain) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return f"‘{domain[:100]}’ is not a domain. Enter it like example.gov.uk"
    if labels[-1].isdigit():
        return f"‘{domain}’ is not a domain. Enter it like example.gov.uk"
    if domain in SHARED_DOMAINS or domain.endswith((".nhs.uk", ".nhs.net")):
        return f"‘{domain}’ is shared by many organisations, so it cannot belong to one"
    if domain in PERSONAL_DOMAINS:
        return f"‘{domain}’ gives addresses to anybody, so it cannot belong to an organisation"
    return ""


def domains_of(email: str) -> list[str]:
    """The domain of an address and its parents, longest first; addresses of the old gsi network count as gov.uk."""
    domain = email.rpartition("@")[2].strip().lower().strip(".")
    if domain.endswith(".gsi.gov.uk"):
        domain = domain.removesuffix(".gsi.gov.uk") + ".gov.uk"
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def name_problem(name: str) -> str:
    """Why a text cannot be an organisation's name; empty when it can (reference: web-ui §20.2)."""
    if not name:
        return "Enter the name of the organisation"
    if sum(character.isalnum() for character in name) < 2:
        return "The name must have at least 2 letters or numbers"
    if len(name) > 255:
        return "The name must be 255 characters or fewer"
    return ""
