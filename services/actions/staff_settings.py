"""What only the platform's staff change at a service: limits, allowances, permissions, whom it belongs to."""

from typing import Any

from django.db import transaction

from accounts import staff
from audit.actors import Actor
from audit.record import record
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from organisations.models import Organisation
from services.access import CHANGE
from services.actions import lifecycle
from services.actions.create import crown_for
from services.enums import ServicePermission, ServiceState
from services.models import Allowance, ProtectedSenderName, Service, TypeDefaults
from services.queries.senders import comparable

# More than any service could send in a day; a limit above is a slip of the keyboard.
MOST = 2_000_000_000
LIMITS = ("email", "sms", "letter", "international_sms")


def _number(value: int | None, field: str) -> None:
    if value is not None and not 0 <= value <= MOST:
        raise ActionRefused(Reason("number", f"Enter a number from 0 to {MOST:,}", field))


def _set(service: Service, by: Actor, **fields: Any) -> Service:
    """Save fields that changed, with one audit row each."""
    staff.require(by, CHANGE)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        for field, value in fields.items():
            before = getattr(service, field)
            if before == value:
                continue
            setattr(service, field, value)
            service.save(update_fields=[field])
            words = {"setting": field.replace("_", " "), "before": _word(before), "after": _word(value)}
            record("service.setting_changed", actor=by, subject=service, data=words)
    return service


def _word(value: object) -> str:
    return "not set" if value in (None, "") else str(value)


def set_daily_limits(service: Service, *, by: Actor, **limits: int | None) -> Service:
    """Override daily limits by channel (email, sms, letter, international_sms); None goes back to the type's own.

    Refuses people who are not staff, and numbers below 0 or above two thousand million.
    """
    staff.require(by, CHANGE)
    if unknown := limits.keys() - set(LIMITS):
        raise ValueError(f"Not channels with a limit: {sorted(unknown)}")
    for channel, value in limits.items():
        _number(value, channel)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        for channel, value in limits.items():
            field = f"{channel}_limit_override"
            before = getattr(service, field)
            if before == value:
                continue
            setattr(service, field, value)
            service.save(update_fields=[field])
            words = {"channel": channel.replace("_", " "), "before": _word(before), "after": _word(value)}
            record("service.limit_changed", actor=by, subject=service, data=words)
    return service


def set_rate_limit(service: Service, *, rate_limit_per_minute: int, by: Actor) -> Service:
    """How many API calls a minute a service may make. Refuses people who are not staff, and numbers out of range."""
    _number(rate_limit_per_minute, "rate_limit_per_minute")
    return _set(service, by, rate_limit_per_minute=rate_limit_per_minute)


def set_counts_as_live(service: Service, *, counts_as_live: bool, by: Actor) -> Service:
    """Whether the service stands in the public count of live services."""
    return _set(service, by, counts_as_live=counts_as_live)


def set_notes_and_billing(service: Service, *, by: Actor, **fields: str) -> Service:
    """Notes for staff, and whom to send the bill."""
    allowed = {"notes", "billing_contact_names", "billing_contact_emails", "billing_reference", "purchase_order_number"}
    if unknown := fields.keys() - allowed:
        raise ValueError(f"Not fields that staff change here: {sorted(unknown)}")
    return _set(service, by, **fields)


@transaction.atomic
def set_free_allowance(service: Service, *, free_sms_fragments: int, by: Actor, year: int | None = None) -> Allowance:
    """Free text message parts of a service from a financial year on, in place of its type's. Staff only."""
    staff.require(by, CHANGE)
    _number(free_sms_fragments, "free_sms_fragments")
    year = year or clock.financial_year(clock.local_day())
    service = Service.objects.locked(service.pk)
    allowance, made = Allowance.objects.get_or_create(
        service=service, year=year, defaults={"free_sms_fragments": free_sms_fragments}
    )
    before = None if made else allowance.free_sms_fragments
    allowance.free_sms_fragments = free_sms_fragments
    allowance.save()
    words = {"setting": f"free text messages from {year}", "before": _word(before), "after": str(free_sms_fragments)}
    record("service.setting_changed", actor=by, subject=service, data=words)
    return allowance


@transaction.atomic
def set_permissions(service: Service, *, permissions: list[str], by: Actor) -> Service:
    """What the service as a whole may do: its channels and advanced permissions. Staff only; refuses unknown ones."""
    staff.require(by, CHANGE)
    if unknown := set(permissions) - set(ServicePermission.values):
        raise ActionRefused(Reason("permissions", f"Unknown: {', '.join(sorted(unknown))}", "permissions"))
    service = Service.objects.locked(service.pk)
    before, wanted = set(service.permissions), set(permissions)
    service.permissions = [one for one in ServicePermission.values if one in wanted]
    service.save(update_fields=["permissions"])
    for name, changed in (("added", wanted - before), ("removed", before - wanted)):
        for one in sorted(changed):
            label = str(ServicePermission(one).label)
            record(f"service.permission_{name}", actor=by, subject=service, data={"permission": label})
    return service


@transaction.atomic
def link_organisation(service: Service, *, organisation: Organisation, by: Actor) -> Service:
    """Move a service to an organisation: it takes its type and crown status, and its brands where it has none of its own.

    An open go-live request is withdrawn first, which tells those who could have answered it; a custom allowance stays. Staff
    only; refuses an archived organisation.
    """
    staff.require(by, CHANGE)
    return put_under_organisation(service, organisation=organisation, by=by)


@transaction.atomic
def put_under_organisation(service: Service, *, organisation: Organisation, by: Actor) -> Service:
    """The same for a caller who checked its own permission: a team that says whom it belongs to."""
    if organisation.archived_at is not None:
        raise ActionRefused(Reason("archived", "This organisation is archived", "organisation"))
    service = Service.objects.locked(service.pk)
    if service.state == ServiceState.PENDING:
        service = lifecycle.withdraw_go_live(service, by=by)
    before = service.organisation
    service.organisation = organisation
    service.organisation_type = organisation.organisation_type
    service.crown = crown_for(organisation.organisation_type, organisation.crown)
    service.email_brand_id = service.email_brand_id or organisation.default_email_brand_id
    service.letter_brand_id = service.letter_brand_id or organisation.default_letter_brand_id
    service.save()
    words = {"before": str(before or "no organisation"), "after": organisation.name}
    record("service.organisation_changed", actor=by, subject=service, data=words)
    return service


@transaction.atomic
def protect_sender(*, name: str, by: Actor, note: str = "") -> ProtectedSenderName:
    """Keep a text message sender name from being taken by teams. Staff only; refuses an empty or protected one."""
    staff.require(by, "services.add_protectedsendername")
    plain = comparable(name)
    if not 3 <= len(plain) <= 11:
        raise ActionRefused(Reason("name", "Enter a name of 3 to 11 characters", "name"))
    if ProtectedSenderName.objects.filter(name=plain).exists():
        raise ActionRefused(Reason("taken", "This name is protected already", "name"))
    protected = ProtectedSenderName.objects.create(name=plain, note=note.strip(), created_by=staff.person(by))
    record("sender_name.protected", actor=by, subject=protected)
    return protected


@transaction.atomic
def unprotect_sender(protected: ProtectedSenderName, *, by: Actor) -> None:
    """Let teams take a name again. Staff only."""
    staff.require(by, "services.delete_protectedsendername")
    record("sender_name.unprotected", actor=by, subject=protected)
    protected.delete()


@transaction.atomic
def set_type_defaults(row: TypeDefaults, *, by: Actor, **values: int) -> TypeDefaults:
    """Change what services of one organisation type start with. Staff only; refuses numbers out of range."""
    staff.require(by, "services.change_typedefaults")
    for field, value in values.items():
        _number(value, field)
    row = TypeDefaults.objects.select_for_update().get(pk=row.pk)
    changes = {field: [getattr(row, field), value] for field, value in values.items() if getattr(row, field) != value}
    for field, value in values.items():
        setattr(row, field, value)
    row.save()
    record("type_defaults.changed", actor=by, subject=row, data={"changes": changes})
    return row
