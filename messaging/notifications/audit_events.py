"""What is done with messages, in the audit trail. Sends are not audited: messages are their own record."""

from audit.events import declare

declare(
    {
        "notification.cancelled": "{actor} cancelled a scheduled message",
        "notification.resent": "{actor} sent a failed message again",
        "message.dropped": "{actor} decided not to send a message that was set aside: {reason}",
        "suppression.added": "{actor} added a recipient to the list of people not to contact",
        "suppression.removed": "{actor} removed a recipient from the list of people not to contact",
        "suppression.imported": "{actor} imported {count} recipients into the list of people not to contact",
        "unsubscribe_requests.processed": "{actor} marked {count} unsubscribe requests as dealt with",
        "rate.added": "{actor} added a price: {subject}",
    }
)
