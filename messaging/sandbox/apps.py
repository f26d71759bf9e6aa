from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "messaging.sandbox"
    verbose_name = "Sandbox"

    def ready(self) -> None:
        from messaging.sandbox import slot_fillers  # noqa: F401 - apps are ready only now
