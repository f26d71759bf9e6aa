"""What notifications tell the apps to their right, inside the transaction that made the change."""

from django.dispatch import Signal

# with `changes`, a list of messaging.notifications.actions.status.StatusChange
notifications_changed = Signal()
