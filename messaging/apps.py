from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "Messages"

    def ready(self) -> None:
        from messaging import audit_events, receipt_signals, receivers, registrations, service_slots, tour  # noqa: F401 - apps are ready only now
        from messaging.providers.rows import ensure_provider_rows

        post_migrate.connect(receivers.make_partitions, sender=self)
        post_migrate.connect(ensure_provider_rows, sender=self)
