from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "organisations"

    def ready(self) -> None:
        from accounts.actions.people import register_leaver  # noqa: PLC0415 - ready: models are loaded only now
        from accounts.public_sector import register_domain_source  # noqa: PLC0415 - ready: models are loaded only now
        from organisations import audit_events  # noqa: F401, PLC0415 - ready: declares names
        from organisations.leavers import leave  # noqa: PLC0415 - ready
        from organisations.queries import is_registered_email  # noqa: PLC0415 - ready

        register_domain_source(is_registered_email)
        register_leaver(leave)
