from .invitation import OrganisationInvitation
from .notice import Notice
from .organisation import Domain, Organisation, OrganisationMember, OrganisationUserPermission

__all__ = [
    "Domain",
    "Notice",
    "Organisation",
    "OrganisationInvitation",
    "OrganisationMember",
    "OrganisationUserPermission",
]
