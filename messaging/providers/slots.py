"""What providers are told by the apps to their right."""

from collections.abc import Callable

from notify.lib.slots import Slot

# `numbers()`: numbers that receive texts with the name of the service that has them, for providers that only pretend.
receiving_numbers: Slot[Callable[[], list[tuple[str, str]]]] = Slot()
