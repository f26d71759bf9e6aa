"""Why a message is not accepted."""

from typing import Any

from notify.lib.refusals import ActionRefused, Reason


class MessageRefused(ActionRefused):
    """A message was not accepted and nothing was stored.

    `code` says why, the sentence says it to people, and `details` are what it speaks of: the API has words of its own for
    each code (messaging.notifications.api.refusals).
    """

    def __init__(self, code: str, sentence: str, *, field: str = "", **details: Any) -> None:
        super().__init__(Reason(code, sentence, field))
        self.details = details

    @property
    def message(self) -> str:
        return self.reasons[0].message

    @property
    def code(self) -> str:
        return self.reasons[0].code


def over_daily_limit(channel: str, limit: int) -> MessageRefused:
    return MessageRefused("daily_limit", "Today’s limit is used up", channel=channel, limit=limit)
