"""What the API answers where a message is refused: the contract's words, classes and statuses (public-api, Appendix A)."""

from notify.lib.api.exception_handler import ErrorAnswer

DAILY_LIMIT = "daily_limit"

# By the code of MessageRefused; `{…}` are its details. What the text engine refuses is worded there for the API.
ANSWERS = {
    "": ErrorAnswer("{invalid}", error="ValidationError"),
    "suspended": ErrorAnswer("Service is suspended and cannot send messages", status=403),
    "channel_off": ErrorAnswer("Service is not allowed to send {channel_name}"),
    "template_channel": ErrorAnswer("{template} template is not suitable for {channel} notification"),
    "template_archived": ErrorAnswer("Template has been deleted"),
    "missing_personalisation": ErrorAnswer("Missing personalisation: {names}"),
    "empty": ErrorAnswer("Your message is empty."),
    "file_channel": ErrorAnswer("Can only send a file by email"),
    "file_bulk": ErrorAnswer("Files cannot be sent in bulk"),
    "sms_sender": ErrorAnswer("sms_sender_id {sender_id} does not exist in database for service id {service_id}"),
    "email_reply_to": ErrorAnswer("email_reply_to_id {sender_id} does not exist in database for service id {service_id}"),
    "team_only": ErrorAnswer("Can’t send to this recipient using a team-only API key"),
    "trial_mode": ErrorAnswer(
        "Can’t send to this recipient when service is in trial mode – see https://www.notifications.service.gov.uk/trial-mode"
    ),
    "international": ErrorAnswer("Cannot send to international mobile numbers"),
    "landline": ErrorAnswer("Not a UK mobile number", error="InvalidPhoneError"),
    "suppressed": ErrorAnswer("Can’t send to this recipient: they are on the service’s list of people not to contact"),
    "files_off": ErrorAnswer("Service is not allowed to send files"),
    "files_not_set_up": ErrorAnswer(
        "Send files by email has not been set up - add contact details for your service at {where}"
    ),
    "file_base64": ErrorAnswer("Cannot decode file (invalid base64 encoding)"),
    "file_size": ErrorAnswer("File is larger than 2MB"),
    "file_name": ErrorAnswer("filename cannot be longer than 100 characters"),
    "file_type": ErrorAnswer("Unsupported file type '{extension}'. Supported types are: '{types}'"),
    "too_long": ErrorAnswer("Your message is too long. {why}"),
    DAILY_LIMIT: ErrorAnswer("Exceeded send limits ({channel}: {limit}) for today", error="TooManyRequestsError", status=429),
    "not_waiting": ErrorAnswer("Only a scheduled notification can be cancelled", status=409),
}
