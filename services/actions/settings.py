"""Changing a service's settings, row by row. Who may change which: reference web-ui §17."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.db.models import QuerySet

from accounts import staff
from accounts.models import User
from audit.actors import Actor
from audit.record import record
from content import email_sender_local_part
from notify.lib.refusals import ActionRefused, Reason
from services.access import CHANGE, require
from services.actions.create import check_name
from services.enums import Channel, ServicePermission
from services.models import Membership, Service
from services.permissions import MANAGE_SERVICE
from services.queries.checklist import has_reply_to
from services.queries.team import current_memberships
from services.rules import daily_limit, retention_days
from services.slots import numbers, usage

# What a team may switch by itself; the rest is for staff (reference: web-ui §17).
TEAM_MAY_SWITCH = frozenset(
    {
        ServicePermission.EMAIL,
        ServicePermission.SMS,
        ServicePermission.LETTER,
        ServicePermission.INTERNATIONAL_SMS,
        ServicePermission.INTERNATIONAL_LETTERS,
        ServicePermission.EMAIL_AUTH,
        ServicePermission.SEND_FILES_VIA_UI,
        ServicePermission.EDIT_FOLDER_PERMISSIONS,
    }
)
# Names that would mislead recipients (reference: service-lifecycle §4).
FORBIDDEN_SENDER_NAMES = frozenset({"noreply", "no.reply", "info", "support", "alert"})
BILLING_FIELDS = frozenset({"billing_contact_names", "billing_contact_emails", "billing_reference", "purchase_order_number"})
# Nobody's contact link; the national helplines of three digits may be (reference: web-ui §17.6).
EMERGENCY_NUMBERS = frozenset({"999", "112", "911", "000"})
SHORTEST_RETENTION, LONGEST_RETENTION = 3, 90
BIG_SENDER = 1_000_000


def rename(service: Service, *, name: str, by: Actor) -> Service:
    """Give a service another name; it has to be confirmed as unique again. Refuses a bad or taken name."""
    require(by, service, MANAGE_SERVICE)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        name = check_name(name, but_not=service)
        before = service.name
        if name != before:
            service.name, service.normalised_name, service.confirmed_unique = name, email_sender_local_part(name), False
            service.save(update_fields=["name", "normalised_name", "confirmed_unique"])
            record("service.renamed", actor=by, subject=service, data={"before": before})
    return service


def confirm_unique(service: Service, *, by: Actor) -> Service:
    """Say that the name is the service's own and nobody else's."""
    return _change(service, {"confirmed_unique": True}, "the confirmation that the name is unique", by=by)


def set_volumes(service: Service, *, email: int, sms: int, letter: int, by: Actor) -> Service:
    """How many messages a year the team expects. Refuses three zeros."""
    if not any([email, sms, letter]):
        raise ActionRefused("Enter the number of messages you expect to send in the next year")
    values = {"volume_email": email, "volume_sms": sms, "volume_letter": letter}
    return _change(service, values, "the expected volumes", by=by)


def set_email_sender_name(service: Service, *, name: str, by: Actor) -> Service:
    """Who emails say they are from: the service's name ("") or another one; also decides the part before the @."""
    name = " ".join(name.split())
    local_part = email_sender_local_part(name)
    if name and (sum(c.isalnum() for c in name) < 2 or not local_part or not local_part.isascii()):
        raise ActionRefused(Reason("too_short", "Sender name must include at least 2 letters or numbers", "value"))
    if "@" in name:
        raise ActionRefused(Reason("address", "Sender name cannot be an email address", "value"))
    if local_part in FORBIDDEN_SENDER_NAMES:
        raise ActionRefused(Reason("forbidden", "Sender name needs to say who the email is from", "value"))
    if len(name) > 143:
        raise ActionRefused(Reason("too_long", "Sender name cannot be longer than 143 characters", "value"))
    values = {"email_sender_name": name, "email_sender_local_part": local_part, "confirmed_email_sender_name": True}
    return _change(service, values, "the sender name of emails", by=by)


def set_sms_prefix(service: Service, *, on: bool, by: Actor) -> Service:
    """Whether texts start with the service's name."""
    return _change(service, {"prefix_sms": on}, "‘start texts with the service name’", by=by)


def set_templates_need_approval(service: Service, *, on: bool, by: Actor) -> Service:
    """Whether a second person publishes what one has written."""
    return _change(service, {"templates_need_approval": on}, "‘a second person publishes templates’", by=by)


def set_contact_link(service: Service, *, link: str, by: Actor) -> Service:
    """How recipients reach the service: a web address, an email address or a phone number; "" for none."""
    link = link.strip()
    if link and not (_is_url(link) or _is_email(link) or _is_phone(link)):
        raise ActionRefused(
            Reason("invalid", "Enter a web address starting with https://, an email address or a phone number", "value")
        )
    return _change(service, {"contact_link": link}, "the contact link", by=by)


def set_retention(service: Service, *, channel: str, days: int | None, by: Actor) -> Service:
    """How long messages of a channel are kept, 3 to 90 days. Trial services and very big ones have to ask."""
    if channel not in Channel.values:
        raise ActionRefused("There is no such channel")
    if days is None or not SHORTEST_RETENTION <= days <= LONGEST_RETENTION:
        raise ActionRefused(Reason("range", "Enter a number of days from 3 to 90", "days"))
    require(by, service, MANAGE_SERVICE)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        if not staff.may(by, CHANGE):
            _may_choose_retention(service)
        before = retention_days(service, channel)
        values = {f"retention_days_{Channel(channel)}": days}
        return _change(service, values, f"the retention of {channel}", by=by, before=before)


def _may_choose_retention(service: Service) -> None:
    if not service.is_live:
        raise ActionRefused("You can change this once your service is live")
    expected = sum(filter(None, [service.volume_email, service.volume_sms, service.volume_letter]))
    if max(expected, usage.sent_in_a_year(service)) >= BIG_SENDER:
        raise ActionRefused("Ask the platform’s staff: your service sends a great many messages")


def set_permission(service: Service, *, permission: str, on: bool, by: Actor) -> Service:
    """Switch a channel or an advanced permission.

    Switching sign-in by email link off puts everybody back to text messages. Refuses an unknown permission, one that only
    staff may switch, and what set_up_tasks names.
    """
    require(by, service, MANAGE_SERVICE)
    if permission not in ServicePermission.values:
        raise ActionRefused("There is no such permission")
    if permission not in TEAM_MAY_SWITCH:
        staff.require(by, CHANGE)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        if (permission in service.permissions) != on:
            if reasons := set_up_tasks(service, permission, on=on):
                raise ActionRefused(*reasons)
            rest = [p for p in service.permissions if p != permission]
            service.permissions = [*rest, permission] if on else rest
            service.save(update_fields=["permissions"])
            name = "service.permission_added" if on else "service.permission_removed"
            label = ServicePermission(permission).label
            record(name, actor=by, subject=service, data={"permission": label, "codename": permission})
            if permission == ServicePermission.EMAIL_AUTH and not on:
                _back_to_texts(service)
    return service


def set_up_tasks(service: Service, permission: str, *, on: bool) -> list[Reason]:
    """What has to be done before a permission can be switched: the page and the action read the same list."""
    if permission == ServicePermission.EMAIL and on:
        tasks = [
            (has_reply_to(service), Reason("reply_to", "Add a reply-to email address first")),
            (service.confirmed_email_sender_name, Reason("sender_name", "Choose a sender name first")),
        ]
        return [reason for is_done, reason in tasks if not is_done]
    if permission == ServicePermission.EMAIL_AUTH and not on:
        stuck = _signing_in_by_email(service).filter(user__mobile_number="")
        return [Reason("phone", f"{each.user} has no mobile number to get a code on") for each in stuck]
    return []


def _signing_in_by_email(service: Service) -> QuerySet[Membership]:
    team = current_memberships(service).filter(user__sign_in_method=User.SignInMethod.EMAIL, user__is_staff=False)
    return team.select_related("user")


def _back_to_texts(service: Service) -> None:
    for membership in _signing_in_by_email(service):
        membership.user.sign_in_method = User.SignInMethod.SMS
        membership.user.save(update_fields=["sign_in_method"])


def start_receiving(service: Service, *, by: Actor) -> Service:
    """Let a service receive texts: it gets the next free number, which is a text sender of its own from then on.

    Refuses people without manage_service, a service that cannot send texts or receives already, and when no number is free.
    """
    require(by, service, MANAGE_SERVICE)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        if service.archived_at is not None or not service.has_permission(Channel.SMS):
            raise ActionRefused("Switch text messages on first")
        if service.has_permission(ServicePermission.INBOUND_SMS):
            raise ActionRefused("This service receives text messages already")
        numbers.allocate_number(service, by=by)
        service = Service.objects.locked(service.pk)
        label = ServicePermission.INBOUND_SMS.label
        record("service.permission_added", actor=by, subject=service, data={"permission": label})
    return service


def set_billing(service: Service, *, by: Actor, **fields: str) -> Service:
    """Whom to send the bill. Refuses unknown fields, and addresses that are not email addresses."""
    if unknown := fields.keys() - BILLING_FIELDS:
        raise ValueError(f"Not billing fields: {sorted(unknown)}")
    values = {name: value.strip() for name, value in fields.items()}
    for address in values.get("billing_contact_emails", "").replace(",", " ").split():
        if not _is_email(address):
            raise ActionRefused(Reason("invalid", f"‘{address}’ is not an email address", "billing_contact_emails"))
    return _change(service, values, "the billing details", by=by)


def set_contact_link_in_emails(service: Service, *, on: bool, by: Actor) -> Service:
    """Whether the contact link stands at the end of emails as well as on download pages."""
    return _change(service, {"contact_link_in_emails": on}, "‘contact link in emails’", by=by)


def set_international_limit(service: Service, *, limit: int | None, by: Actor) -> Service:
    """A team's own daily limit of texts abroad, never above its limit of texts; other limits are for staff."""
    require(by, service, MANAGE_SERVICE)
    if limit is not None and not 0 <= limit <= daily_limit(service, Channel.SMS):
        raise ActionRefused(Reason("range", "This cannot be more than your daily limit of text messages", "value"))
    return _change(service, {"international_sms_limit_override": limit}, "the daily limit of texts abroad", by=by)


def _change(service: Service, values: dict[str, Any], setting: str, *, by: Actor, before: Any = None) -> Service:
    """Set fields, with one line in the history; nothing is written where nothing changes."""
    require(by, service, MANAGE_SERVICE)
    with transaction.atomic():
        service = Service.objects.locked(service.pk)
        old = {field: getattr(service, field) for field in values}
        if old != values:
            for field, value in values.items():
                setattr(service, field, value)
            service.save(update_fields=list(values))
            first = next(iter(values))
            data = {"setting": setting, "before": _shown(old[first] if before is None else before)}
            record("service.setting_changed", actor=by, subject=service, data=data | {"after": _shown(values[first])})
    return service


def _shown(value: Any) -> str:
    return {True: "on", False: "off", None: "not set", "": "not set"}.get(value, str(value))


def _is_url(link: str) -> bool:
    try:
        URLValidator(schemes=["https", "http"])(link)
    except ValidationError:
        return False
    return True


def _is_email(link: str) -> bool:
    try:
        validate_email(link)
    except ValidationError:
        return False
    return True


def _is_phone(link: str) -> bool:
    digits = "".join(c for c in link if c.isdigit())
    return all(c.isdigit() or c in " +()-" for c in link) and 3 <= len(digits) <= 20 and digits not in EMERGENCY_NUMBERS
