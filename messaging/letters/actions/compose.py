"""A stored letter as it goes to the printer: typeset from its template, or checked if it came ready-made."""

from typing import Any

from content import render_letter
from messaging.enums import Postage, Status
from messaging.letters import storage
from messaging.letters.typesetting import MAX_PAGES, UnreadablePdf, page_count, render_pdf, sheets
from messaging.message_templates.queries.templates import content_of, version_of
from messaging.notifications.actions.compose import Composed, NotSendable
from messaging.notifications.models import Notification
from messaging.notifications.queries.pricing import letter_rate
from messaging.notifications.queries.senders import service_by_id
from messaging.providers.base import Outgoing
from notify.lib import clock
from services.enums import Channel
from services.models import Service

# The file every virus scanner must find (eicar.org); the place where an installation's own scanner is asked.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR"


def compose_letter(notification: Notification, content: dict[str, Any], service: Service) -> Composed:
    """The letter with its number of sheets and price. Refuses what cannot be printed with NotSendable and its status."""
    pdf = letter_pdf(notification, content)
    if pdf is None:
        raise NotSendable("The letter’s PDF is missing")
    if _EICAR in pdf:
        raise NotSendable("The file did not pass the virus scan", Status.VIRUS_SCAN_FAILED)
    try:
        pages = page_count(pdf)
    except UnreadablePdf as error:
        raise NotSendable("The file is not a PDF that can be read", Status.VALIDATION_FAILED) from error
    if not 1 <= pages <= MAX_PAGES:
        raise NotSendable(f"The letter has {pages} pages, the most is {MAX_PAGES}", Status.VALIDATION_FAILED)
    units = sheets(pages)
    postage = notification.postage or Postage.SECOND
    return Composed(
        outgoing=Outgoing(
            notification_id=notification.pk,
            channel=Channel.LETTER,
            to=content["normalised"],
            service_id=service.pk,
            service_name=service.name,
            pdf=pdf,
            postage=postage,
            reference=notification.client_reference,
        ),
        units=units,
        cost=letter_rate(clock.local_day(), sheets=units, postage=postage, crown=bool(service.crown)),
    )


def letter_pdf(notification: Notification, content: dict[str, Any]) -> bytes | None:
    """The stored PDF; one from a template is typeset when it is first asked for. None: a ready-made one that is gone."""
    stored = storage.load(notification.pk)
    template, version = version_of(notification.template_id, notification.template_version)
    if stored is not None or template.is_hidden:
        return stored
    letter = render_letter(
        content_of(template, version),
        content["personalisation"],
        formatted=[*version.formatted_placeholders, *content.get("formatted", [])],
    )
    brand = service_by_id(notification.service_id).letter_brand
    pdf = render_pdf(letter, day=clock.local_day(notification.created_at), brand=brand)
    storage.save(notification.pk, pdf)
    return pdf
