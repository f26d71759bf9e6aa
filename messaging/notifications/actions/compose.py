"""Turning a stored message into exactly what a provider gets."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from content import render_email, render_sms
from messaging.enums import Status
from messaging.message_templates.queries.templates import content_of, version_of
from messaging.notifications import slots
from messaging.notifications.actions.accept import email_address_of
from messaging.notifications.actions.documents import with_own_links
from messaging.notifications.links.unsubscribe import unsubscribe_page_url, unsubscribe_post_url
from messaging.notifications.models import Notification
from messaging.notifications.queries.brands import brand_of
from messaging.notifications.queries.senders import service_by_id
from messaging.notifications.rules.recipients import recipient_hash
from messaging.providers.base import Outgoing
from services.enums import Channel
from services.models import Service
from services.rules import sms_prefix


class NotSendable(Exception):  # noqa: N818 - an answer, not a fault
    """A stored message can no longer be sent; `status` is what it becomes."""

    def __init__(self, message: str, status: Status = Status.TECHNICAL_FAILURE) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Composed:
    """What goes out, and what it is billed as: fragments of a text, sheets of a letter."""

    outgoing: Outgoing
    units: int
    cost: Decimal = Decimal(0)


def compose(notification: Notification, content: dict[str, Any], service: Service | None = None) -> Composed:
    """Render one message; refuses with NotSendable what can never be sent.

    Sending brings the service as it is now; without one it may be two seconds old.
    """
    service = service or service_by_id(notification.service_id)
    if notification.channel == Channel.SMS:
        return _text(notification, content, service)
    if notification.channel == Channel.EMAIL:
        return _email(notification, content, service)
    composer = slots.composers.get(notification.channel)
    if composer is None:
        raise NotSendable(f"Nothing here composes {notification.channel} messages")
    composed: Composed = composer(notification, content, service)
    return composed


def _text(notification: Notification, content: dict[str, Any], service: Service) -> Composed:
    template, version = version_of(notification.template_id, notification.template_version)
    sms = render_sms(
        content_of(template, version),
        content["personalisation"],
        prefix=sms_prefix(service),
        formatted=[*version.formatted_placeholders, *content.get("formatted", [])],
    )
    return Composed(
        outgoing=Outgoing(
            notification_id=notification.pk,
            channel=Channel.SMS,
            to=content["normalised"],
            service_id=service.pk,
            service_name=service.name,
            sender=content["sender"],
            text=sms.text,
            reference=notification.client_reference,
        ),
        units=sms.fragments,
    )


def _email(notification: Notification, content: dict[str, Any], service: Service) -> Composed:
    template, version = version_of(notification.template_id, notification.template_version)
    own_url = content.get("unsubscribe_url")
    page_url = unsubscribe_page_url(notification.pk) if version.has_unsubscribe_link else None
    post_url = own_url or (unsubscribe_post_url(notification.pk) if version.has_unsubscribe_link else None)
    words = with_own_links(content_of(template, version), notification, recipient_hash(content["normalised"]))
    email = render_email(
        words,
        content["personalisation"],
        formatted=[*version.formatted_placeholders, *content.get("formatted", [])],
        brand=brand_of(service),
        unsubscribe_url=page_url,
        footer_contact=service.contact_link if service.contact_link_in_emails else None,
    )
    headers = {}
    if post_url:
        headers = {"List-Unsubscribe": f"<{post_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    name = service.email_sender_name or service.name
    return Composed(
        outgoing=Outgoing(
            notification_id=notification.pk,
            channel=Channel.EMAIL,
            to=content["to"],
            service_id=service.pk,
            service_name=service.name,
            sender=f'"{name}" <{email_address_of(service)}>',
            reply_to=content["sender"] or None,
            subject=email.subject,
            text=email.text,
            html=email.html,
            headers=headers,
            reference=notification.client_reference,
        ),
        units=0,
    )
