from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"

    def ready(self) -> None:
        from accounts.actions.people import register_archive_guard, register_leaver
        from organisations.usage import register_services_reader
        from services import audit_events, audit_events_staff, checklist_items, leavers, receivers  # noqa: F401 - ready: declares names
        from services.organisation_lines import lines_of

        register_services_reader(lines_of)
        register_archive_guard(leavers.objections)
        register_leaver(leavers.leave)
