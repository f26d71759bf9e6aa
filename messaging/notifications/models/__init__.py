from .document import Document
from .notification import DeliveryAttempt, Notification, NotificationContent
from .queue import Inflight, SendQueue, SetAside
from .rates import LetterRate, SmsRate
from .statistics import JobStat, StatDay, StatDelta
from .suppression import Complaint, Suppression, UnsubscribeRequest
from .usage_counter import UsageCounter

__all__ = [
    "Complaint",
    "DeliveryAttempt",
    "Document",
    "Inflight",
    "JobStat",
    "LetterRate",
    "Notification",
    "NotificationContent",
    "SendQueue",
    "SetAside",
    "SmsRate",
    "StatDay",
    "StatDelta",
    "Suppression",
    "UnsubscribeRequest",
    "UsageCounter",
]
