"""What the callbacks app writes to the audit trail."""

from audit.events import declare

declare(
    {
        "callback.added": "{actor} added the callback ‘{subject}’",
        "callback.changed": "{actor} changed the callback ‘{subject}’",
        "callback.removed": "{actor} removed the callback ‘{subject}’",
        "callback.switched_on": "{actor} switched the callback ‘{subject}’ on",
        "callback.switched_off": "{actor} switched the callback ‘{subject}’ off: {reason}",
        "callback.secret_changed": "{actor} made a new signing secret for the callback ‘{subject}’",
        "callback.tested": "{actor} sent a test to the callback ‘{subject}’",
        "callback.replayed": "{actor} sent {count} callbacks again to ‘{subject}’",
    }
)
