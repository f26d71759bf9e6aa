"""Accepting the agreement."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts import emails
from accounts.models import User
from audit.record import record
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from organisations import agreement
from organisations.models import Organisation
from organisations.signals import organisation_changed


@transaction.atomic
def accept_agreement(
    organisation: Organisation,
    *,
    by: User,
    version: str = agreement.CURRENT.number,
    on_behalf_of_name: str = "",
    on_behalf_of_email: str = "",
) -> Organisation:
    """Sign the agreement for an organisation: who, when, which version, on behalf of whom. Everybody named gets a receipt.

    The caller has checked that this person may speak for one of the organisation's services. Refuses an unknown
    version, half of an "on behalf of", an organisation that has signed, and one that is archived (ActionRefused).
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    name, email = on_behalf_of_name.strip(), on_behalf_of_email.strip().lower()
    if reasons := _problems(organisation, version, name, email):
        raise ActionRefused(*reasons)
    organisation.agreement_signed = True
    organisation.agreement_signed_at = clock.now()
    organisation.agreement_signed_by = by
    organisation.agreement_signed_version = version
    organisation.agreement_on_behalf_of_name = name
    organisation.agreement_on_behalf_of_email = email
    organisation.save()
    data = {"version": version, "on_behalf_of": email}
    record("organisation.agreement_accepted", actor=by, subject=organisation, data=data)
    organisation_changed.send(sender=Organisation, organisation=organisation, fields=frozenset({"agreement_signed"}))
    for address in sorted({by.email, email} - {""}):
        context = {"organisation": organisation.name, "signer": by.name, "on_behalf_of": name, "version": version}
        emails.send("agreement_receipt", to=address, context=context)
    return organisation


def _problems(organisation: Organisation, version: str, name: str, email: str) -> list[Reason]:
    if organisation.archived_at:
        return [Reason("archived", "This organisation is archived")]
    if organisation.agreement_signed:
        return [Reason("signed", f"{organisation.name} has already accepted the agreement")]
    reasons = []
    if version not in agreement.VERSIONS:
        reasons.append(Reason("version", "Select which version of the agreement you read", "version"))
    if email and not name:
        reasons.append(Reason("name", "Enter the name of the person you accept it for", "on_behalf_of_name"))
    if name and not email:
        reasons.append(Reason("email", "Enter the email address of the person you accept it for", "on_behalf_of_email"))
    if email:
        try:
            validate_email(email)
        except ValidationError:
            message = "Enter an email address in the correct format, like name@example.gov.uk"
            reasons.append(Reason("email", message, "on_behalf_of_email"))
    return reasons
