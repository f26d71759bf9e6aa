from .provider_state import ProviderState
from .receipt_inbox import ReceiptInbox

__all__ = [
    "ProviderState",
    "ReceiptInbox",
]
