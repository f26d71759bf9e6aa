"""What is done with receiving numbers, in the audit trail."""

from audit.events import declare

declare(
    {
        "inbound_number.added": "{actor} added the number {number} of {provider}",
        "inbound_number.allocated": "{actor} gave the service the number {number}",
        "inbound_number.released": "{actor} took the number {number} back",
    }
)
