from .bookkeeping import IdempotencyKey, JobStat, LetterRate, SmsRate, StatDay, StatDelta, UsageCounter
from .files import Document, TemplateFile
from .inbound import InboundNumber, ReceivedText
from .job import ContactList, Job
from .notification import DeliveryAttempt, Notification, NotificationContent
from .provider import ProviderState, SandboxBehaviour, SandboxMessage
from .queue import Inflight, ReceiptInbox, SendQueue
from .suppression import Complaint, ReturnedLetter, Suppression, UnsubscribeRequest
from .template import FolderAccess, MessageTemplate, TemplateDraft, TemplateFolder, TemplateVersion

__all__ = [
    "Complaint",
    "ContactList",
    "DeliveryAttempt",
    "Document",
    "FolderAccess",
    "IdempotencyKey",
    "InboundNumber",
    "Inflight",
    "Job",
    "JobStat",
    "LetterRate",
    "MessageTemplate",
    "Notification",
    "NotificationContent",
    "ProviderState",
    "ReceiptInbox",
    "ReceivedText",
    "ReturnedLetter",
    "SandboxBehaviour",
    "SandboxMessage",
    "SendQueue",
    "SmsRate",
    "StatDay",
    "StatDelta",
    "Suppression",
    "TemplateDraft",
    "TemplateFile",
    "TemplateFolder",
    "TemplateVersion",
    "UnsubscribeRequest",
    "UsageCounter",
]
