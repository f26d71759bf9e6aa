from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "organisations"

    def ready(self) -> None:
        from organisations import audit_events, slot_fillers  # noqa: F401 - apps are ready only now
