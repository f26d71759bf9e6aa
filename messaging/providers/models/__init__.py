from .provider_state import ProviderState
from .receipt_inbox import ReceiptInbox
from .unlisted_status import UnlistedStatus

__all__ = [
    "ProviderState",
    "ReceiptInbox",
    "UnlistedStatus",
]
