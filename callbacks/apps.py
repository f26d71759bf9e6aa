from django.apps import AppConfig


class CallbacksConfig(AppConfig):
    name = "callbacks"
    verbose_name = "Callbacks"

    def ready(self) -> None:
        from callbacks import audit_events, receivers, slot_fillers  # noqa: F401 - apps are ready only now
