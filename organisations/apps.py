from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "organisations"

    def ready(self) -> None:
        from organisations import audit_events  # noqa: F401, PLC0415 - ready: declares names
