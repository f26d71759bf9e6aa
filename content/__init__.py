"""The text engine: templates, messages and recipients as pure functions. No database, no settings.

Everything other code needs is importable from here.
"""

from content.email_addresses import normalise_email_address, parse_email_address
from content.email_layout import EmailBranding
from content.emails import EMAIL_BYTE_LIMIT, RenderedEmail, email_body_bytes, render_body_html, render_email, render_subject
from content.errors import ContentError, InvalidRecipient, UnreadableFile
from content.language import FORMATTED_ALL, normalise_key
from content.letter_timings import LetterTimings, letter_timings
from content.letters import QR_BYTE_LIMIT, Block, QrTooLong, RenderedLetter, Run, long_qr, render_letter
from content.message import MessageContent, is_body_empty, missing_values, placeholders, render_body_source
from content.names import api_key_name_prefix, comparable_recipient, email_sender_local_part
from content.phones import PhoneNumber, parse_phone
from content.postal import PostalAddress
from content.previews import render_preview_html, render_subject_preview
from content.recipients import (
    MAX_RECIPIENTS,
    RecipientRow,
    RecipientSheet,
    Summary,
    example_spreadsheet,
    read_recipients,
    to_csv,
)
from content.sanitising import sanitise, sanitise_content_for
from content.sms import SMS_CHARACTER_LIMIT, RenderedSms, SmsSize, count_sms, render_sms
from content.spreadsheets import MAX_FILE_BYTES, Spreadsheet, open_csv, open_spreadsheet
from content.template_rules import template_warnings, validate_template

__all__ = [
    "EMAIL_BYTE_LIMIT",
    "FORMATTED_ALL",
    "MAX_FILE_BYTES",
    "MAX_RECIPIENTS",
    "QR_BYTE_LIMIT",
    "SMS_CHARACTER_LIMIT",
    "Block",
    "ContentError",
    "EmailBranding",
    "InvalidRecipient",
    "LetterTimings",
    "MessageContent",
    "PhoneNumber",
    "PostalAddress",
    "QrTooLong",
    "RecipientRow",
    "RecipientSheet",
    "RenderedEmail",
    "RenderedLetter",
    "RenderedSms",
    "Run",
    "SmsSize",
    "Spreadsheet",
    "Summary",
    "UnreadableFile",
    "api_key_name_prefix",
    "comparable_recipient",
    "count_sms",
    "email_body_bytes",
    "email_sender_local_part",
    "example_spreadsheet",
    "is_body_empty",
    "letter_timings",
    "long_qr",
    "missing_values",
    "normalise_email_address",
    "normalise_key",
    "open_csv",
    "open_spreadsheet",
    "parse_email_address",
    "parse_phone",
    "placeholders",
    "read_recipients",
    "render_body_html",
    "render_body_source",
    "render_email",
    "render_letter",
    "render_preview_html",
    "render_sms",
    "render_subject",
    "render_subject_preview",
    "sanitise",
    "sanitise_content_for",
    "template_warnings",
    "to_csv",
    "validate_template",
]
