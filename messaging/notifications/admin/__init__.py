"""Messages in the back office: what went wrong with them, and what they cost."""

from messaging.notifications.admin import complaints, prices, set_aside  # noqa: F401 - they register themselves
