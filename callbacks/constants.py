"""How workers are woken for callbacks."""

from notify.lib import queues
from notify.lib.wakeup import WakeupCall

DELIVER = WakeupCall("callbacks.deliver", queues.CALLBACKS)
