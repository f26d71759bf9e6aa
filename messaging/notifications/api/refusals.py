"""What the API answers where a message is refused: the contract's words, classes and statuses (public-api, Appendix A)."""

from notify.lib.api.exception_handler import Answer

DAILY_LIMIT = "daily_limit"

# By the code of MessageRefused; `{…}` are its details. What the text engine refuses is worded there for the API.
ANSWERS = {
    "": Answer("{invalid}", error="ValidationError"),
    "suspended": Answer("Service is suspended and cannot send messages", status=403),
    "channel_off": Answer("Service is not allowed to send {channel_name}"),
    "template_channel": Answer("{template} template is not suitable for {channel} notification"),
    "template_archived": Answer("Template has been deleted"),
    "missing_personalisation": Answer("Missing personalisation: {names}"),
    "empty": Answer("Your message is empty."),
    "file_channel": Answer("Can only send a file by email"),
    "file_bulk": Answer("Files cannot be sent in bulk"),
    "sms_sender": Answer("sms_sender_id {sender_id} does not exist in database for service id {service_id}"),
    "email_reply_to": Answer("email_reply_to_id {sender_id} does not exist in database for service id {service_id}"),
    "team_only": Answer("Can’t send to this recipient using a team-only API key"),
    "trial_mode": Answer(
        "Can’t send to this recipient when service is in trial mode – see https://www.notifications.service.gov.uk/trial-mode"
    ),
    "international": Answer("Cannot send to international mobile numbers"),
    "landline": Answer("Not a UK mobile number", error="InvalidPhoneError"),
    "suppressed": Answer("Can’t send to this recipient: they are on the service’s list of people not to contact"),
    "files_off": Answer("Service is not allowed to send files"),
    "files_not_set_up": Answer("Send files by email has not been set up - add contact details for your service at {where}"),
    "file_base64": Answer("Cannot decode file (invalid base64 encoding)"),
    "file_size": Answer("File is larger than 2MB"),
    "file_name": Answer("filename cannot be longer than 100 characters"),
    "file_type": Answer("Unsupported file type '{extension}'. Supported types are: '{types}'"),
    "too_long": Answer("Your message is too long. {why}"),
    DAILY_LIMIT: Answer("Exceeded send limits ({channel}: {limit}) for today", error="TooManyRequestsError", status=429),
    "not_waiting": Answer("Only a scheduled notification can be cancelled", status=409),
}
