from .allowance import Allowance
from .api_key import ApiKey
from .brand_request import BrandRequest
from .idempotency_key import IdempotencyKey
from .invitation import ServiceInvitation
from .join_request import JoinRequest
from .member import Membership, ServiceUserPermission
from .protected_sender import ProtectedSenderName
from .senders import EmailReplyTo, GuestListEntry, LetterContact, SmsSender
from .service import Service
from .support_session import SupportSession
from .type_defaults import TypeDefaults

__all__ = [
    "Allowance",
    "ApiKey",
    "BrandRequest",
    "EmailReplyTo",
    "GuestListEntry",
    "IdempotencyKey",
    "JoinRequest",
    "LetterContact",
    "Membership",
    "ProtectedSenderName",
    "Service",
    "ServiceInvitation",
    "ServiceUserPermission",
    "SmsSender",
    "SupportSession",
    "TypeDefaults",
]
