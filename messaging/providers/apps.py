from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ProvidersConfig(AppConfig):
    name = "messaging.providers"
    verbose_name = "Providers"

    def ready(self) -> None:
        from messaging.providers import audit_events, receivers, slot_fillers  # noqa: F401 - apps are ready only now
        from messaging.providers.actions.provider_rows import ensure_provider_rows

        post_migrate.connect(ensure_provider_rows, sender=self)
