from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NotificationsConfig(AppConfig):
    name = "messaging.notifications"
    verbose_name = "Messages"

    def ready(self) -> None:
        from messaging.notifications import audit_events, receivers, slot_fillers  # noqa: F401 - apps are ready only now

        post_migrate.connect(receivers.make_partitions, sender=self)
