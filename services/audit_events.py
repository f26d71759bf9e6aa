"""What the services app writes to the audit trail, in sentences people read."""

from audit.events import declare

declare(
    {
        "service.created": "{actor} created the service ‘{subject}’",
        "service.renamed": "{actor} renamed the service from ‘{before}’ to ‘{subject}’",
        "service.go_live_requested": "{actor} asked for ‘{subject}’ to go live",
        "service.go_live_withdrawn": "{actor} withdrew the request for ‘{subject}’ to go live",
        "service.went_live": "{actor} made ‘{subject}’ live",
        "service.go_live_rejected": "{actor} did not approve the request for ‘{subject}’ to go live: {reason}",
        "service.returned_to_trial": "{actor} put ‘{subject}’ back into trial mode: {reason}",
        "service.suspended": "{actor} suspended ‘{subject}’: {reason}",
        "service.resumed": "{actor} resumed ‘{subject}’",
        "service.archived": "{actor} archived ‘{subject}’",
        "service.restored": "{actor} restored ‘{subject}’",
        "service.setting_changed": "{actor} changed {setting} from ‘{before}’ to ‘{after}’",
        "service.limit_changed": "{actor} changed the daily limit of {channel} from {before} to {after}",
        "service.permission_added": "{actor} switched on: {permission}",
        "service.permission_removed": "{actor} switched off: {permission}",
        "service.organisation_changed": "{actor} moved ‘{subject}’ from {before} to {after}",
        "api_key.created": "{actor} created the {kind} API key ‘{subject}’",
        "api_key.revoked": "{actor} revoked the API key ‘{subject}’",
        "api_key.rotated": "{actor} replaced the API key ‘{subject}’; the old one works until {until}",
        "member.added": "{actor} added {person} to the team",
        "member.changed": "{actor} changed what {person} may do: {before} → {after}",
        "member.removed": "{actor} removed {person} from the team",
        "invitation.sent": "{actor} invited {email} to the team",
        "invitation.cancelled": "{actor} cancelled the invitation for {email}",
        "invitation.accepted": "{actor} accepted the invitation",
        "reply_to.added": "{actor} added the reply-to address {subject}",
        "reply_to.changed": "{actor} changed the reply-to address from {before} to {subject}",
        "reply_to.removed": "{actor} removed the reply-to address {subject}",
        "sms_sender.added": "{actor} added the text message sender {subject}",
        "sms_sender.changed": "{actor} changed the text message sender from {before} to {subject}",
        "sms_sender.removed": "{actor} removed the text message sender {subject}",
        "letter_contact.added": "{actor} added a sender address for letters",
        "letter_contact.changed": "{actor} changed a sender address for letters",
        "letter_contact.removed": "{actor} removed a sender address for letters",
        "guest_list.changed": "{actor} changed the guest list ({addresses} addresses, {numbers} numbers)",
    }
)
