"""The text engine: templates, messages and recipients as pure functions. No database, no settings.

Everything other code needs is importable from here.
"""

from messaging.content.emails import (
    EMAIL_BYTE_LIMIT,
    RenderedEmail,
    email_body_bytes,
    render_email,
    render_subject,
)
from messaging.content.email_layout import EmailBrand
from messaging.content.errors import ContentError, InvalidRecipient, UnreadableFile
from messaging.content.message import (
    MessageContent,
    is_body_empty,
    missing_values,
    placeholders,
    render_body_source,
)
from messaging.content.placeholders import FORMATTED_ALL, normalise_key
from messaging.content.sms import SMS_CHARACTER_LIMIT, RenderedSms, SmsSize, count_sms, render_sms
from messaging.content.email_addresses import parse_email_address
from messaging.content.phones import parse_phone
