from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"

    def ready(self) -> None:
        from organisations.usage import register_services_reader
        from services import audit_events, audit_events_staff, checklist_items, receivers  # noqa: F401 - ready: declares names
        from services.organisation_lines import lines_of

        register_services_reader(lines_of)
