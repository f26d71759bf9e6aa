from .delivery import CallbackAttempt, CallbackDelivery
from .endpoint import CallbackEndpoint

__all__ = ["CallbackAttempt", "CallbackDelivery", "CallbackEndpoint"]
