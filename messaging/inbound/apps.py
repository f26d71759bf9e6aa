from django.apps import AppConfig


class InboundConfig(AppConfig):
    name = "messaging.inbound"
    verbose_name = "Received texts"

    def ready(self) -> None:
        from messaging.inbound import audit_events, slot_fillers  # noqa: F401 - apps are ready only now
