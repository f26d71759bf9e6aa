"""Whom a message goes to, in the form that is compared, searched and sent to."""

from dataclasses import dataclass
from decimal import Decimal

from content import InvalidRecipient, parse_email_address, parse_phone
from messaging.notifications.refusals import MessageRefused
from notify.lib.crypto import keyed_hash
from services.enums import Channel


@dataclass(frozen=True, slots=True)
class Recipient:
    """A phone number (`normalised` in E.164) or an email address (`normalised` in lower case)."""

    channel: str
    raw: str
    normalised: str
    international: bool = False
    is_landline: bool = False
    # Crown dependencies are billed as abroad but need no permission and no allowance for it.
    needs_international_permission: bool = False
    rate_multiplier: Decimal = Decimal(1)

    @property
    def hash(self) -> bytes:
        return recipient_hash(self.normalised)

    @property
    def counts_as_international(self) -> bool:
        return self.needs_international_permission


def recipient_hash(normalised: str) -> bytes:
    """What finds a recipient's messages without storing the recipient in the clear."""
    return keyed_hash("recipient", normalised)


def read_recipient(channel: str, raw: str) -> Recipient:
    """Read a phone number or an email address; refuses a bad one with MessageRefused."""
    try:
        return phone_recipient(raw) if channel == Channel.SMS else email_recipient(raw)
    except InvalidRecipient as error:
        field = "phone_number" if channel == Channel.SMS else "email_address"
        raise MessageRefused(error.code, error.message, field=field, invalid=f"{field} {error.message}") from error


def email_recipient(raw: str) -> Recipient:
    """Read an email address; refuses another text with InvalidRecipient."""
    return Recipient(channel=Channel.EMAIL, raw=raw.strip(), normalised=parse_email_address(raw).lower())


def phone_recipient(raw: str) -> Recipient:
    """Read a phone number of any country, landlines included; refuses another with InvalidRecipient."""
    number = parse_phone(raw, international_allowed=True, landlines_allowed=True)
    return Recipient(
        channel=Channel.SMS,
        raw=raw.strip(),
        normalised=number.e164,
        international=number.is_international,
        is_landline=number.is_landline,
        needs_international_permission=number.is_international and not number.is_crown_dependency,
        rate_multiplier=Decimal(str(number.rate_multiplier)),
    )
