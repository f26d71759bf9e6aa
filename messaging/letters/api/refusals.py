"""What the API answers where a letter is refused, beside what it answers for every message (public-api, Appendix A)."""

from notify.lib.api.exception_handler import ErrorAnswer

ANSWERS = {
    "team_letter": ErrorAnswer("Cannot send letters with a team api key", status=403),
    "trial_letter": ErrorAnswer("Cannot send letters when service is in trial mode", status=403),
    "letter_base64": ErrorAnswer("Cannot decode letter content (invalid base64 encoding)"),
    "qr_too_long": ErrorAnswer(
        "Cannot create a usable QR code - the link is too long",
        error="ValidationError",
        extra=("data", "num_bytes", "max_bytes"),
    ),
}
