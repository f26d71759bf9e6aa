from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self) -> None:
        from dashboard import slot_fillers  # noqa: F401 - ready: fills slots of the apps to the left
