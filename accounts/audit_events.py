"""What the audit trail says about people's accounts."""

from audit.events import declare

declare(
    {
        "sign_in.succeeded": "{subject} signed in from {ip} with {method}",
        "sign_in.failed": "Somebody entered a wrong password for {subject} from {ip}",
        "sign_in.code_failed": "Somebody entered a wrong code for {subject} from {ip}",
        "sign_in.locked": "{subject} was locked after too many failed attempts, the last from {ip}",
        "sign_in.ended": "{subject} signed out",
        "sign_in.expired": "{subject} was signed out: {reason}",
        "account.registered": "{subject} registered",
        "account.email_confirmed": "{subject} confirmed an email address",
        "account.email_proved": "{subject} proved that the email address is still theirs",
        "account.name_changed": "{subject} changed their name from {before} to {after}",
        "account.email_change_asked": "{subject} asked to change their email address to {after}",
        "account.email_changed": "{subject} changed their email address from {before} to {after}",
        "account.link_refused": "A link for {subject} was refused: {reason}",
        "account.mobile_changed": "{subject} changed their mobile number",
        "account.mobile_removed": "{subject} removed their mobile number",
        "account.method_changed": "{subject} changed how they sign in from {before} to {after}",
        "account.password_changed": "{subject} changed their password",
        "account.password_reset": "{subject} chose a new password through a link",
        "account.factor_added": "{subject} added a way to prove who they are: {kind}",
        "account.factor_removed": "{subject} removed a way to prove who they are: {kind}",
        "account.recovery_codes_made": "{subject} made new recovery codes",
        "account.sessions_ended": "{subject} signed out of other browsers",
        "account.reauthenticated": "{subject} confirmed that it is them",
        "account.first_administrator": "{subject} became the first administrator through a one-time link",
        # What staff do with people's accounts.
        "person.archived": "{actor} archived the account of {email}",
        "person.sign_in_method_set": "{actor} changed how {subject} signs in from {before} to {after}",
        "person.second_factor_reset": "{actor} reset the second factor of {subject}: {reason}",
        "person.sessions_ended": "{actor} signed {subject} out everywhere",
        "person.groups_set": "{actor} changed the back-office groups of {subject} from {before} to {after}",
    }
)
