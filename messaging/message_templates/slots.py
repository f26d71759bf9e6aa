"""What templates are told by the apps to their right."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from notify.lib.slots import Slot

if TYPE_CHECKING:
    from messaging.message_templates.models import MessageTemplate

# `last_used(template)`: the local day on which a message was last made from a template, None for never within memory.
last_used: "Slot[Callable[[MessageTemplate], date | None]]" = Slot()
