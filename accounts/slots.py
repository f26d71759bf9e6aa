"""What accounts are told by the apps to their right."""

from collections.abc import Callable

from notify.lib.slots import Slot

# `send(number in E.164, text)`: sends a text of the platform. Without one, codes go by email.
text_senders: Slot[Callable[[str, str], None]] = Slot()
