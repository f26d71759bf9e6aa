"""Adding, changing and archiving organisations, and the domains of their people."""

from typing import Any

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from branding import queries as branding
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from organisations import rules
from organisations.access import require_staff
from organisations.enums import OrganisationType
from organisations.models import Domain, Organisation, OrganisationInvitation
from organisations.signals import organisation_changed
from organisations.slots import services_of

EDITABLE = frozenset(
    {
        "name",
        "organisation_type",
        "crown",
        "agreement_signed",
        "can_approve_own_go_live_requests",
        "can_ask_to_join_a_service",
        "notes",
        "request_to_go_live_notes",
        "billing_contact_names",
        "billing_contact_emails",
        "billing_reference",
        "purchase_order_number",
    }
)


@transaction.atomic
def create_organisation(
    *, name: str, organisation_type: str, by: Actor, crown: bool | None = None, agreement_signed: bool | None = False
) -> Organisation:
    """Add an organisation. An NHS one starts with the NHS brands; crown follows from the type where the type says it.

    Refuses people who are not staff (PermissionRefused), and a name that is empty, too long or taken (ActionRefused).
    """
    require_staff(by, "organisations.add_organisation")
    return add_organisation(
        name=name, organisation_type=organisation_type, by=by, crown=crown, agreement_signed=agreement_signed
    )


@transaction.atomic
def add_organisation(
    *, name: str, organisation_type: str, by: Actor, crown: bool | None = None, agreement_signed: bool | None = False
) -> Organisation:
    """The same for a caller who checked its own permission: a GP surgery that names its organisation itself."""
    name = " ".join(name.split())
    _check_name(name)
    if organisation_type not in OrganisationType.values:
        raise ActionRefused(Reason("type", "Select the type of organisation", "organisation_type"))
    fixed = rules.crown_for_type(organisation_type)
    organisation = Organisation.objects.create(
        name=name,
        organisation_type=organisation_type,
        crown=crown if fixed is None else fixed,
        agreement_signed=agreement_signed,
    )
    if organisation_type in rules.NHS_TYPES:
        _start_with_nhs_brands(organisation)
    record("organisation.created", actor=by, subject=organisation, data={"type": organisation_type})
    return organisation


@transaction.atomic
def update_organisation(organisation: Organisation, *, by: Actor, **changes: Any) -> Organisation:
    """Change some of an organisation's settings; its services follow (`organisation_changed`).

    Refuses people who are not staff (PermissionRefused), a bad or taken name, and the agreement or crown set to
    something the type rules out (ActionRefused). Unknown fields are a programming error (ValueError).
    """
    require_staff(by)
    if unknown := changes.keys() - EDITABLE:
        raise ValueError(f"Not fields of an organisation that can be changed: {sorted(unknown)}")
    organisation = Organisation.objects.locked(organisation.pk)
    if "name" in changes:
        changes["name"] = " ".join(changes["name"].split())
        _check_name(changes["name"], besides=organisation)
    if changes.get("organisation_type", "central") not in OrganisationType.values:
        raise ActionRefused(Reason("type", "Select the type of organisation", "organisation_type"))
    old = {field: getattr(organisation, field) for field in changes if getattr(organisation, field) != changes[field]}
    if not old:
        return organisation
    for field in old:
        setattr(organisation, field, changes[field])
    _follow_type(organisation, old)
    organisation.save(update_fields=list(old))
    data = {"changes": {field: [_plain(before), _plain(getattr(organisation, field))] for field, before in old.items()}}
    record("organisation.changed", actor=by, subject=organisation, data=data)
    organisation_changed.send(sender=Organisation, organisation=organisation, fields=frozenset(old))
    return organisation


@transaction.atomic
def set_domains(organisation: Organisation, *, domains: list[str], by: Actor) -> list[str]:
    """Replace the email domains of an organisation's people. New people and services are matched by them from now on.

    Refuses people who are not staff (PermissionRefused), more than 30 domains, and each one that is malformed, shared
    by many organisations, or taken by another (ActionRefused with a reason for each).
    """
    require_staff(by)
    organisation = Organisation.objects.locked(organisation.pk)
    wanted = sorted({rules.normalise_domain(domain) for domain in domains if domain.strip()})
    reasons = [Reason("domain", problem, "domains") for domain in wanted if (problem := rules.domain_problem(domain))]
    if len(wanted) > rules.MAX_DOMAINS:
        reasons.append(Reason("too_many", f"Enter {rules.MAX_DOMAINS} domains or fewer", "domains"))
    taken = Domain.objects.filter(domain__in=wanted).exclude(organisation=organisation).select_related("organisation")
    reasons += [Reason("taken", f"‘{domain}’ already belongs to {domain.organisation.name}", "domains") for domain in taken]
    if reasons:
        raise ActionRefused(*reasons)
    old = list(organisation.domains.values_list("domain", flat=True))
    if old == wanted:
        return wanted
    organisation.domains.exclude(domain__in=wanted).delete()
    Domain.objects.bulk_create([Domain(domain=d, organisation=organisation) for d in wanted if d not in old])
    record("organisation.domains_changed", actor=by, subject=organisation, data={"before": old, "after": wanted})
    organisation_changed.send(sender=Organisation, organisation=organisation, fields=frozenset({"domains"}))
    return wanted


@transaction.atomic
def archive_organisation(organisation: Organisation, *, by: Actor) -> Organisation:
    """Put an organisation away: frees its name, drops its domains and brands.

    Refuses people who are not staff (PermissionRefused), and one that still has services, members or open
    invitations (ActionRefused with a reason for each).
    """
    require_staff(by)
    organisation = Organisation.objects.locked(organisation.pk)
    if reasons := archive_blockers(organisation):
        raise ActionRefused(*reasons)
    old_name = organisation.name
    organisation.name = f"{old_name[:200]} (archived {clock.now():%Y-%m-%d %H:%M:%S})"
    organisation.archived_at = clock.now()
    organisation.default_email_brand = organisation.default_letter_brand = None
    organisation.save()
    organisation.domains.all().delete()
    organisation.email_brand_pool.clear()
    organisation.letter_brand_pool.clear()
    record("organisation.archived", actor=by, subject=organisation, data={"name": old_name})
    return organisation


def archive_blockers(organisation: Organisation) -> list[Reason]:
    """Why an organisation cannot be archived; the page shows the same list."""
    reasons = []
    if organisation.archived_at:
        reasons.append(Reason("archived", "This organisation is already archived"))
    if services_of(organisation):
        reasons.append(Reason("services", "Archive its services, or move them to another organisation, first"))
    if organisation.memberships.exists():
        reasons.append(Reason("members", "Remove its team members first"))
    if organisation.invitations.filter(status=OrganisationInvitation.Status.PENDING).exists():
        reasons.append(Reason("invitations", "Cancel its open invitations first"))
    return reasons


def _check_name(name: str, *, besides: Organisation | None = None) -> None:
    if problem := rules.name_problem(name):
        raise ActionRefused(Reason("name", problem, "name"))
    taken = Organisation.objects.filter(name__iexact=name)
    if besides:
        taken = taken.exclude(pk=besides.pk)
    if taken.exists():
        raise ActionRefused(Reason("taken", "There is already an organisation with this name", "name"))


def _follow_type(organisation: Organisation, old: dict[str, Any]) -> None:
    """A new type may fix crown, and ends the government brand or the approval of a type that may not have it."""
    if "organisation_type" not in old:
        return
    fixed = rules.crown_for_type(organisation.organisation_type)
    if fixed is not None and "crown" not in old and organisation.crown != fixed:
        old["crown"] = organisation.crown
        organisation.crown = fixed


def _start_with_nhs_brands(organisation: Organisation) -> None:
    if email := branding.nhs_email_brand():
        organisation.email_brand_pool.add(email)
        organisation.default_email_brand = email
    if letter := branding.nhs_letter_brand():
        organisation.letter_brand_pool.add(letter)
        organisation.default_letter_brand = letter
    organisation.save(update_fields=["default_email_brand", "default_letter_brand"])


def _plain(value: object) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)
