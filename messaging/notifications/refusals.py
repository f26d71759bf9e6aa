"""Why a message is not accepted, in the words of the public API (reference: public-api, Appendix A)."""

from typing import Any

from notify.lib.refusals import ActionRefused, Reason


class MessageRefused(ActionRefused):
    """A message was not accepted and nothing was stored. `error` and `status_code` are what the API answers."""

    def __init__(
        self, message: str, *, code: str, error: str = "BadRequestError", status_code: int = 400, field: str = ""
    ) -> None:
        super().__init__(Reason(code, message, field))
        self.error = error
        self.status_code = status_code
        # More keys beside the message in the API's answer (QR codes: public-api §4.6).
        self.extra: dict[str, Any] = {}

    @property
    def message(self) -> str:
        return self.reasons[0].message

    @property
    def code(self) -> str:
        return self.reasons[0].code


def over_daily_limit(channel: str, limit: int) -> MessageRefused:
    return MessageRefused(
        f"Exceeded send limits ({channel}: {limit}) for today",
        code="daily_limit",
        error="TooManyRequestsError",
        status_code=429,
    )
