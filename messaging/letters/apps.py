from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "messaging.letters"
    verbose_name = "Letters"

    def ready(self) -> None:
        from messaging.letters import audit_events, slot_fillers  # noqa: F401 - apps are ready only now
