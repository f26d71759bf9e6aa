"""What the audit trail says about brands."""

from audit.events import declare

declare(
    {
        "email_brand.created": "{actor} added the email brand {subject}",
        "email_brand.changed": "{actor} changed the email brand {subject}",
        "email_brand.archived": "{actor} archived the email brand {subject}",
        "letter_brand.created": "{actor} added the letter brand {subject}",
        "letter_brand.changed": "{actor} changed the letter brand {subject}",
        "letter_brand.archived": "{actor} archived the letter brand {subject}",
    }
)
