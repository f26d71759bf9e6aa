"""Fields of the API that know services."""

from typing import Any

from notify.lib.api.fields import OneOf
from services.enums import Channel

CHANNELS = (Channel.SMS.value, Channel.EMAIL.value, Channel.LETTER.value)


class OneChannel(OneOf):
    """email, sms or letter."""

    def __init__(self, **more: Any) -> None:
        super().__init__(CHANNELS, **more)
