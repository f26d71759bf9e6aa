"""How workers are woken for what providers told us; the app that knows messages does the task."""

from notify.lib import queues
from notify.lib.wakeup import WakeupCall

APPLY_RECEIPTS = WakeupCall("notifications.apply_receipts", queues.SEND)
