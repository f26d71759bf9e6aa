from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"

    def ready(self) -> None:
        from organisations.usage import register_services_reader  # noqa: PLC0415 - ready: models are loaded only now
        from services import audit_events, audit_events_staff, checklist_items  # noqa: F401, PLC0415 - ready: declares names
        from services.organisation_lines import lines_of  # noqa: PLC0415 - ready

        register_services_reader(lines_of)
