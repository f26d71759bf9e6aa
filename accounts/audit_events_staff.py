"""What the audit trail says about what staff do with people's accounts."""

from audit.events import declare

declare(
    {
        "person.archived": "{actor} archived the account of {email}",
        "person.sign_in_method_set": "{actor} changed how {subject} signs in from {before} to {after}",
        "person.second_factor_reset": "{actor} reset the second factor of {subject}: {reason}",
        "person.sessions_ended": "{actor} signed {subject} out everywhere",
        "person.groups_set": "{actor} changed the back-office groups of {subject} from {before} to {after}",
    }
)
