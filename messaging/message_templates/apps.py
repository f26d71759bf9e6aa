from django.apps import AppConfig


class MessageTemplatesConfig(AppConfig):
    name = "messaging.message_templates"
    verbose_name = "Templates"

    def ready(self) -> None:
        from messaging.message_templates import audit_events, slot_fillers  # noqa: F401 - apps are ready only now
