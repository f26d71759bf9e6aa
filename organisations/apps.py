from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "organisations"

    def ready(self) -> None:
        from accounts.actions.people import register_leaver
        from accounts.public_sector import register_domain_source
        from organisations import audit_events  # noqa: F401 - ready: declares names
        from organisations.leavers import leave
        from organisations.queries import is_registered_email

        register_domain_source(is_registered_email)
        register_leaver(leave)
