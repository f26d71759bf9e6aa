"""How workers are woken for messages."""

from notify.lib import queues
from notify.lib.wakeup import WakeupCall

DISPATCH = WakeupCall("notifications.dispatch", queues.SEND)
