from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import audit_events  # noqa: F401 - apps are ready only now
        from accounts.sign_in import receivers  # noqa: F401 - apps are ready only now
