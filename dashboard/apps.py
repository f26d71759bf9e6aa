from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self) -> None:
        from dashboard.organisation_usage import usage_of  # noqa: PLC0415 - ready: models are loaded only now
        from organisations.usage import register_reader  # noqa: PLC0415 - ready

        register_reader(usage_of)
