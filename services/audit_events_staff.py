"""What the audit trail says about branding, support sessions, and what staff set."""

from audit.events import declare

declare(
    {
        "service.brand_changed": "{actor} changed the {kind} branding of {subject} from ‘{before}’ to ‘{after}’",
        "brand_request.made": "{actor} asked for a brand: {subject}",
        "brand_request.answered": "{actor} answered the request for a brand: {subject}",
        "sender_name.protected": "{actor} protected the text message sender name {subject}",
        "sender_name.unprotected": "{actor} stopped protecting the text message sender name {subject}",
        "type_defaults.changed": "{actor} changed the defaults of {subject}",
        "support_session.started": "{actor} started to look into {service} to help its team: {reason}",
        "support_session.ended": "{actor} stopped looking into {service}",
    }
)
