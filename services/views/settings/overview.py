"""All settings of a service on one page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings as platform_settings
from django.urls import reverse
from django.views.generic import TemplateView

from accounts import staff
from notify.lib import clock
from services.access import VIEW, ServiceAccessMixin
from services.enums import Channel, ServicePermission
from services.models import EmailReplyTo, LetterContact, Service, SmsSender
from services.permissions import MANAGE_API_KEYS, MANAGE_SERVICE
from services.rules import (
    INTERNATIONAL_SMS,
    daily_limit,
    email_sender,
    free_sms_fragments,
    retention_days,
)


class SettingsView(ServiceAccessMixin, TemplateView):
    """`/services/<id>/service-settings`: every row. People with the API integration alone may look."""

    nav_current = "settings"
    template_name = "services/settings.html"

    def may_open(self) -> bool:
        return bool(self.held & {MANAGE_SERVICE, MANAGE_API_KEYS}) or staff.may(self.person, VIEW)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_change = self.may(MANAGE_SERVICE)
        return super().get_context_data(
            page_title="Settings",
            groups=[(title, rows(self.service, may_change)) for title, rows in GROUPS],
            may_change=may_change,
            **kwargs,
        )


def _row(service: Service, may_change: bool, key: str, value: str, url_name: str, **kwargs: Any) -> dict[str, Any]:
    may_open = may_change or (url_name.endswith("-list") and url_name != "retention-list")
    href = reverse(f"services:{url_name}", kwargs={"service_id": service.pk, **kwargs}) if may_open and url_name else ""
    return {"action": "Change" if may_change else "See", "key": key, "value": value or "Not set", "href": href}


def _default(model: type[SmsSender | EmailReplyTo | LetterContact], service: Service) -> str:
    found = model.objects.active().filter(service=service).order_by("-is_default")
    names = [str(each) for each in found[:3]]
    more = found.count() - len(names)
    return "\n".join([*names, f"and {more} more"] if more > 0 else names)


def _general(service: Service, may: bool) -> list[dict[str, Any]]:
    return [
        _row(service, may, "Service name", service.name, "service-name"),
        _row(service, may, "Contact link", _contact(service), "contact-link"),
        _switch(service, may, ServicePermission.EMAIL_AUTH),
        _switch(service, may, ServicePermission.EDIT_FOLDER_PERMISSIONS),
        _row(
            service,
            may,
            "A second person publishes templates",
            "On" if service.templates_need_approval else "Off",
            "templates-need-approval",
        ),
        _row(service, True, "Message limits", "What you can send each day, and what is left today", "limits")
        | {"action": "See"},
        _row(service, may, "Data retention", _retention(service), "retention-list"),
        # The page belongs to an app to the right, so only its name is known here.
        {
            "action": "See",
            "key": "People you do not contact",
            "value": "Recipients who unsubscribed, or whom you must not write to",
            "href": reverse("notifications:suppression-list", kwargs={"service_id": service.pk}),
        },
        _row(service, may, "Billing details", _billing(service), "billing"),
        _row(service, False, "Organisation", str(service.organisation or ""), ""),
        _row(service, False, "API requests a minute", f"{service.rate_limit_per_minute:,}", ""),
    ]


def _contact(service: Service) -> str:
    where = "in emails and on download pages" if service.contact_link_in_emails else "on download pages"
    return f"{service.contact_link}\nShown {where}" if service.contact_link else ""


def _billing(service: Service) -> str:
    values = [service.billing_contact_names, service.billing_contact_emails, service.billing_reference]
    return "\n".join(value for value in [*values, service.purchase_order_number] if value)


def _retention(service: Service) -> str:
    days = {channel: retention_days(service, channel) for channel in Channel.values}
    if len(set(days.values())) == 1:
        return f"{days[Channel.EMAIL]} days"
    return "\n".join(f"{Channel(channel).label}: {number} days" for channel, number in days.items())


def _switch(service: Service, may: bool, permission: ServicePermission) -> dict[str, Any]:
    on = "On" if service.has_permission(permission) else "Off"
    return _row(service, may, permission.label, on, "permission", permission=permission.value)


def _email(service: Service, may: bool) -> list[dict[str, Any]]:
    rows = [_switch(service, may, ServicePermission.EMAIL)]
    if service.has_permission(Channel.EMAIL):
        rows += [
            _row(service, may, "Sender name and address", email_sender(service), "email-sender-name"),
            _row(service, may, "Reply-to addresses", _default(EmailReplyTo, service), "reply-to-list"),
            _row(service, may, "Email branding", _email_brand(service), "email-branding"),
            _switch(service, may, ServicePermission.SEND_FILES_VIA_UI),
        ]
    return rows


def _email_brand(service: Service) -> str:
    return str(service.email_brand or f"{platform_settings.PLATFORM_NAME}’s own look")


def _sms(service: Service, may: bool) -> list[dict[str, Any]]:
    rows = [_switch(service, may, ServicePermission.SMS)]
    if service.has_permission(Channel.SMS):
        prefix = "On" if service.prefix_sms else "Off"
        rows += [
            _row(service, may, "Text message senders", _default(SmsSender, service), "sms-sender-list"),
            _row(service, may, "Start text messages with service name", prefix, "sms-prefix"),
            _switch(service, may, ServicePermission.INTERNATIONAL_SMS),
        ]
        if service.has_permission(ServicePermission.INTERNATIONAL_SMS):
            limit = f"{daily_limit(service, INTERNATIONAL_SMS):,} a day"
            rows.append(_row(service, may, "International text message limit", limit, "international-limit"))
        on = service.has_permission(ServicePermission.INBOUND_SMS)
        landlines = "On" if service.has_permission(ServicePermission.SMS_TO_UK_LANDLINES) else "Off"
        free = f"{free_sms_fragments(service, clock.financial_year(clock.local_day())):,} parts this financial year"
        rows += [
            _row(service, may, ServicePermission.INBOUND_SMS.label, "On" if on else "Off", "receive-texts"),
            # Only staff switch this one.
            _row(service, False, ServicePermission.SMS_TO_UK_LANDLINES.label, landlines, ""),
            _row(service, False, "Free text messages", free, ""),
        ]
    return rows


def _letter(service: Service, may: bool) -> list[dict[str, Any]]:
    rows = [_switch(service, may, ServicePermission.LETTER)]
    if service.has_permission(Channel.LETTER):
        rows += [
            _switch(service, may, ServicePermission.INTERNATIONAL_LETTERS),
            _row(service, may, "Sender addresses", _default(LetterContact, service), "letter-contact-list"),
            _row(service, may, "Letter branding", str(service.letter_brand or "No logo"), "letter-branding"),
        ]
    return rows


GROUPS: list[tuple[str, Callable[[Service, bool], list[dict[str, Any]]]]] = [
    ("General", _general),
    ("Email", _email),
    ("Text messages", _sms),
    ("Letters", _letter),
]
