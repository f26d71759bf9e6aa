from .api_key import ApiKey
from .member import Membership, ServiceUserPermission
from .senders import EmailReplyTo, GuestListEntry, LetterContact, SmsSender
from .service import Service
from .type_defaults import TypeDefaults

__all__ = [
    "ApiKey",
    "EmailReplyTo",
    "GuestListEntry",
    "LetterContact",
    "Membership",
    "Service",
    "ServiceUserPermission",
    "SmsSender",
    "TypeDefaults",
]
