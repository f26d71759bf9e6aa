"""How workers are woken for spreadsheets."""

from notify.lib import queues
from notify.lib.wakeup import WakeupCall

WORK_ON_JOBS = WakeupCall("jobs.work", queues.JOBS)
