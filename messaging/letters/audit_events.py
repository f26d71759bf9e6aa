"""What is done with letters, in the audit trail."""

from audit.events import declare

declare(
    {
        "letters.returned": "{actor} reported {count} letters as returned",
    }
)
