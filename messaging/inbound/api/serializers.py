"""Received texts in the shape of the wire contract (public-api §7)."""

from notify.lib.api.fields import Id, Moment, Text
from notify.lib.api.serializers import Shape


class ReceivedTextSerializer(Shape):
    """A text somebody sent us: these six keys and no other."""

    id = Id()
    created_at = Moment()
    service_id = Id()
    notify_number = Text()
    user_number = Text()
    content = Text()
