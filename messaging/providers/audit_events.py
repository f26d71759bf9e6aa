"""What is done with providers, in the audit trail."""

from audit.events import declare

declare(
    {
        "provider.changed": "{actor} changed the provider {subject}: {change}",
    }
)
