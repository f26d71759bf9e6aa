"""What the audit trail says about organisations."""

from audit.events import declare

declare(
    {
        "organisation.created": "{actor} added the organisation {subject}",
        "organisation.changed": "{actor} changed {subject}",
        "organisation.archived": "{actor} archived the organisation {subject}",
        "organisation.domains_changed": "{actor} changed the email domains of {subject}",
        "organisation.brand_added": "{actor} added the {kind} brand {brand} to the pool of {subject}",
        "organisation.brand_removed": "{actor} removed the {kind} brand {brand} from the pool of {subject}",
        "organisation.default_brand_set": "{actor} set the default {kind} brand of {subject} to {brand}",
        "organisation.agreement_accepted": "{actor} accepted the agreement for {subject}",
        "organisation.member_invited": "{actor} invited {email} to {subject}",
        "organisation.invitation_cancelled": "{actor} cancelled the invitation of {email} to {subject}",
        "organisation.member_joined": "{actor} joined {subject}",
        "organisation.member_added": "{actor} added {email} to {subject}",
        "organisation.member_removed": "{actor} removed {email} from {subject}",
        "organisation.member_permissions_changed": "{actor} changed what {email} may do at {subject}",
        "notice.published": "{actor} published a notice to everybody",
        "notice.changed": "{actor} changed a notice to everybody",
        "notice.withdrawn": "{actor} withdrew a notice to everybody",
    }
)
