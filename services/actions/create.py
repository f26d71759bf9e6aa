"""Adding a service."""

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import staff
from accounts.email_domains import is_public_sector_email
from accounts.models import User
from audit.record import record
from content import email_sender_local_part
from notify.lib.refusals import ActionRefused, PermissionRefused, Reason
from organisations.enums import OrganisationType
from organisations.queries import organisation_for_email
from services.actions.members import add_member
from services.enums import ServicePermission
from services.models import Service, SmsSender
from services.permissions import SERVICE_PERMISSIONS
from services.rules import NAME_MAX_LENGTH, NAME_MIN_ALPHANUMERICS
from services.signals import service_created

# A service of these types is not crown, whoever owns it (reference: service-lifecycle §3).
_NEVER_CROWN = frozenset(
    {
        OrganisationType.LOCAL,
        OrganisationType.NHS_LOCAL,
        OrganisationType.NHS_GP,
        OrganisationType.EMERGENCY_SERVICE,
        OrganisationType.SCHOOL_OR_COLLEGE,
    }
)


def may_add_service(user: User) -> bool:
    """People of the public sector may, and the platform's staff."""
    return user.is_active and (is_public_sector_email(user.email) or staff.may(user, "services.add_service"))


def check_name(name: str, *, but_not: Service | None = None) -> str:
    """The name without surrounding spaces; refuses one that is too short or long, not Latin, or in use."""
    name = " ".join(name.split())
    normalised = email_sender_local_part(name)
    if not name:
        raise ActionRefused(Reason("required", "Enter a service name", "name"))
    if len(name) > NAME_MAX_LENGTH:
        raise ActionRefused(Reason("too_long", f"Service name cannot be longer than {NAME_MAX_LENGTH} characters", "name"))
    if sum(c.isalnum() for c in name) < NAME_MIN_ALPHANUMERICS:
        raise ActionRefused(Reason("too_short", "Service name must include at least 2 letters or numbers", "name"))
    if not normalised or not normalised.isascii():
        raise ActionRefused(Reason("not_latin", "Service name can only use letters that also work in an email address", "name"))
    others = Service.objects.exclude(pk=but_not.pk) if but_not else Service.objects.all()
    if others.filter(normalised_name=normalised).exists() or others.filter(name=name).exists():
        raise ActionRefused(Reason("taken", "This service name is already in use – enter a unique name", "name"))
    return name


def create_service(*, name: str, by: User, organisation_type: str | None = None) -> Service:
    """Add a service in trial mode, with its creator as a manager who may do everything.

    The organisation is the one whose domain matches the creator's address, and its type wins over the one given. Brands and
    crown are inherited. Refuses people outside the public sector (PermissionRefused), a bad or taken name, and a missing type.
    """
    if not may_add_service(by):
        raise PermissionRefused("You need a public sector email address to add a service")
    name = check_name(name)
    organisation = organisation_for_email(by.email)
    kind = organisation.organisation_type if organisation else organisation_type
    if kind not in OrganisationType.values:
        raise ActionRefused(Reason("required", "Select who runs this service", "organisation_type"))
    try:
        with transaction.atomic():
            service = Service.objects.create(
                name=name,
                normalised_name=email_sender_local_part(name),
                organisation=organisation,
                organisation_type=kind,
                crown=crown_for(kind, organisation.crown if organisation else None),
                created_by=by,
                email_brand=organisation.default_email_brand if organisation else None,
                letter_brand=organisation.default_letter_brand if organisation else None,
                counts_as_live=not by.is_staff,
            )
            if by.sign_in_method == User.SignInMethod.EMAIL:
                service.permissions = [*service.permissions, ServicePermission.EMAIL_AUTH]
                service.save(update_fields=["permissions"])
            SmsSender.objects.create(service=service, name=settings.DEFAULT_SMS_SENDER, is_default=True)
            record("service.created", actor=by, subject=service)
            add_member(service, user=by, permissions=SERVICE_PERMISSIONS.keys(), by=by)
            service_created.send(sender=Service, service=service, by=by)
    except IntegrityError as error:  # somebody else took the name a moment ago
        raise ActionRefused(Reason("taken", "This service name is already in use – enter a unique name", "name")) from error
    return service


def crown_for(organisation_type: str, of_organisation: bool | None) -> bool | None:
    """Whether a service belongs to the crown: known from some types, else the organisation's own answer."""
    if organisation_type == OrganisationType.NHS_CENTRAL:
        return True
    return False if organisation_type in _NEVER_CROWN else of_organisation
