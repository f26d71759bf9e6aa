"""The data processing agreement as a service's team meets it: signing for its organisation, or saying which one that is."""

from django.db import transaction

from accounts.email_domains import is_public_sector_email
from accounts.models import User
from audit.actors import Actor
from notify.lib.refusals import ActionRefused, PermissionRefused, Reason
from organisations.actions.agreement import accept_agreement
from organisations.actions.organisations import add_organisation
from organisations.enums import OrganisationType
from organisations.models import Organisation
from services.access import require
from services.actions.staff_settings import put_under_organisation
from services.models import Service
from services.permissions import MANAGE_SERVICE


def sign_agreement(
    service: Service, *, version: str, by: Actor, on_behalf_of_name: str = "", on_behalf_of_email: str = ""
) -> Organisation:
    """Accept the agreement for the service's organisation; the signer and the person it is signed for get a receipt.

    Refuses people without manage_service or without a public-sector address, a service without an organisation, an address
    outside the public sector, and what accept_agreement refuses.
    """
    require(by, service, MANAGE_SERVICE)
    if not isinstance(by, User) or not is_public_sector_email(by.email):
        raise PermissionRefused("Only people with a public sector email address can accept the agreement")
    if service.organisation is None:
        raise ActionRefused("Your service does not belong to an organisation yet")
    email = on_behalf_of_email.strip()
    if email and not is_public_sector_email(email):
        raise ActionRefused(Reason("email", "Enter a public sector email address", "on_behalf_of_email"))
    return accept_agreement(
        service.organisation, by=by, version=version, on_behalf_of_name=on_behalf_of_name, on_behalf_of_email=email
    )


def add_surgery(service: Service, *, name: str, by: Actor) -> Service:
    """Name the organisation of a GP surgery's service; it is new, not crown, and has not signed the agreement.

    Refuses people without manage_service, other kinds of service, one that has an organisation, and a bad or taken name.
    """
    require(by, service, MANAGE_SERVICE)
    _needs_one(service, OrganisationType.NHS_GP)
    with transaction.atomic():
        made = add_organisation(name=name, organisation_type=OrganisationType.NHS_GP, by=by, crown=False)
        return put_under_organisation(service, organisation=made, by=by)


def choose_trust(service: Service, *, organisation: Organisation, by: Actor) -> Service:
    """Say which NHS trust or board a service belongs to. Refuses as add_surgery does, and bodies of other kinds."""
    require(by, service, MANAGE_SERVICE)
    _needs_one(service, OrganisationType.NHS_LOCAL)
    if organisation.organisation_type != OrganisationType.NHS_LOCAL or organisation.archived_at is not None:
        raise ActionRefused(Reason("organisation", "Select an NHS trust or integrated care board", "organisation"))
    return put_under_organisation(service, organisation=organisation, by=by)


def _needs_one(service: Service, kind: str) -> None:
    if service.organisation_id is not None:
        raise ActionRefused("Your service belongs to an organisation already")
    if service.organisation_type != kind:
        raise ActionRefused("Write to the platform’s staff to say which organisation your service belongs to")
