from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"

    def ready(self) -> None:
        from services import audit_events, receivers, slot_fillers  # noqa: F401 - apps are ready only now
        from services.queries import checklist  # noqa: F401 - apps are ready only now
