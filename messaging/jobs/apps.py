from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "messaging.jobs"
    verbose_name = "Spreadsheets"

    def ready(self) -> None:
        from messaging.jobs import audit_events, slot_fillers  # noqa: F401 - apps are ready only now
