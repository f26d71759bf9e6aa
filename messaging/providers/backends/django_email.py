"""Email through any Django email backend: plain SMTP, or one of anymail's thirty services."""

import json
import smtplib
from contextlib import suppress
from datetime import timedelta

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from requests import exceptions as http
from urllib3.exceptions import NewConnectionError

from messaging.enums import Status
from messaging.providers.actions import receipt_inbox
from messaging.providers.backends.reading import moment_of, read_json, status_of, uuid_of
from messaging.providers.base import NotSent, Outgoing, Provider, ProviderAccepted, Receipt, Rejected, Result, Unknown
from notify.lib import clock
from services.enums import Channel

_PERMANENT_FROM = 500
# Our account or our address for the service is wrong: it takes nothing from us.
_STOPPING_STATUSES = {401, 402, 403, 404}
# A gateway speaks in the service's place.
_NOT_TAKEN_STATUSES = {502, 503, 504}


class DjangoEmail(Provider):
    """Hands emails to EMAIL_BACKEND. Receipts come by anymail's webhooks; plain SMTP has none, see `send`."""

    name = "django"
    channels = frozenset({Channel.EMAIL})

    def send(self, outgoing: Outgoing) -> Result:
        """Send one email.

        A mail server that takes an email says nothing afterwards, so with a backend without tracking the email counts as
        delivered once it is taken; otherwise it would be called a failure after 72 hours without an answer.
        """
        message = build(outgoing)
        connection = get_connection()
        message.connection = connection
        try:
            connection.open()
        except smtplib.SMTPAuthenticationError as error:
            return NotSent(f"The mail server does not accept our account: {_brief(error)}", stops=True)
        except (OSError, smtplib.SMTPException) as error:
            return NotSent(f"The mail server cannot be reached: {_brief(error)}")
        try:
            taken = message.send()
        except Exception as error:  # noqa: BLE001 - a backend may raise anything; each kind has its class below
            return _failure(error)
        finally:
            with suppress(OSError, smtplib.SMTPException):  # the message has its answer already
                connection.close()
        if not taken:
            return NotSent("The mail server did not take the message")
        status = getattr(message, "anymail_status", None)
        if status is None or status.message_id is None:
            tell_delivered(outgoing)
        return ProviderAccepted(provider_reference=_reference(status) or message.extra_headers["Message-ID"])

    def parse_receipts(self, raw: bytes, content_type: str = "") -> list[Receipt]:
        """What `tell_delivered` and `messaging.providers.receivers` wrote."""
        return [
            Receipt(
                provider=self.name,
                status=status_of(entry["status"]),
                notification_id=uuid_of(entry.get("id")),
                reference=entry.get("reference") or "",
                detail=entry.get("detail", ""),
                at=moment_of(entry.get("at")),
                suppress=entry.get("suppress", ""),
                complaint=entry.get("complaint", False),
            )
            for entry in read_json(raw)
        ]


def build(outgoing: Outgoing) -> EmailMultiAlternatives:
    """The email itself. Its Message-ID is the same at every attempt, so that receivers can spot a repeated one."""
    message = EmailMultiAlternatives(
        subject=outgoing.subject,
        body=outgoing.text,
        from_email=outgoing.sender,
        to=[outgoing.to],
        reply_to=[outgoing.reply_to] if outgoing.reply_to else None,
        headers={"Message-ID": f"<{outgoing.notification_id}@{settings.EMAIL_DOMAIN}>", **outgoing.headers},
    )
    if outgoing.html:
        message.attach_alternative(outgoing.html, "text/html")
    # anymail passes it on and gives it back with every event; other backends ignore it.
    message.metadata = {"notification_id": str(outgoing.notification_id)}  # type: ignore[attr-defined]
    return message


def tell_delivered(outgoing: Outgoing) -> None:
    """Put the receipt of a mail server that gives none into the inbox."""
    body = [{"id": str(outgoing.notification_id), "status": Status.DELIVERED.label}]
    due = clock.now() + timedelta(seconds=1)
    receipt_inbox.put(DjangoEmail.name, json.dumps(body).encode(), content_type="application/json", due=due)


def _reference(status: object) -> str | None:
    """anymail's id of the one recipient; some services give a set."""
    found = getattr(status, "message_id", None)
    if isinstance(found, set):
        return str(sorted(map(str, found))[0]) if found else None
    return str(found) if found else None


def _brief(error: BaseException) -> str:
    """What went wrong without the recipient, who must not come into logs and attempts."""
    code = getattr(error, "smtp_code", None) or getattr(error, "status_code", None)
    return f"{type(error).__name__}{f' {code}' if code else ''}"


def _failure(error: Exception) -> Result:
    """The class of a failure (reliability §3.4): what the server certainly refused, and what may have gone out."""
    if isinstance(error, AnymailRecipientsRefused):
        return Rejected("The email provider refused the address")
    if isinstance(error, AnymailAPIError):
        return _api_failure(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        if codes and min(codes) >= _PERMANENT_FROM:
            return Rejected(f"The mail server refused the address ({codes[0]})")
        return NotSent(f"The mail server put the address off ({codes[0] if codes else 'no code'})")
    if isinstance(error, smtplib.SMTPDataError):
        if error.smtp_code >= _PERMANENT_FROM:
            return Rejected(f"The mail server refused the message ({error.smtp_code})")
        return NotSent(f"The mail server put the message off ({error.smtp_code})")
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError | smtplib.SMTPNotSupportedError):
        return NotSent(f"The mail server does not accept our sender: {_brief(error)}")
    if isinstance(error, AnymailError | ValueError | TypeError | UnicodeError):
        return Rejected(f"The email could not be made: {_brief(error)}")
    return Unknown(f"The connection broke while the email was handed over: {_brief(error)}")


def _never_connected(cause: BaseException | None) -> bool:
    """Whether a request failed before any of it was written: a name not found, a refused or slow connection, TLS."""
    if isinstance(cause, http.ConnectTimeout | http.SSLError):
        return True
    inner = cause.args[0] if isinstance(cause, http.ConnectionError) and cause.args else None
    return isinstance(getattr(inner, "reason", None), NewConnectionError)


def _api_failure(error: AnymailAPIError) -> Result:
    """A web API's answer: the account's own trouble and its rate are not the message's fault."""
    code = error.status_code
    if _never_connected(error.__cause__):
        return NotSent("The email provider cannot be reached")
    if code in _NOT_TAKEN_STATUSES:
        return NotSent(f"The email provider cannot take messages now ({code})")
    if code is None or code >= _PERMANENT_FROM:
        return Unknown(f"The email provider gave no clear answer: {_brief(error)}")
    if code == 429 or code in _STOPPING_STATUSES:
        return NotSent(f"The email provider does not take messages from us now ({code})", stops=code != 429)
    return Rejected(f"The email provider refused the message ({code})")
