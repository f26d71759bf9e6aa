"""The project as an application (commands, template tags), and Django's admin under our own site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class NotifyConfig(AppConfig):
    name = "notify"

    def ready(self) -> None:
        from notify import checks  # noqa: F401 - registers them


class BackOfficeConfig(AdminConfig):
    """Stands in INSTALLED_APPS instead of django.contrib.admin."""

    default_site = "notify.admin_site.BackOffice"

    def ready(self) -> None:
        super().ready()
        from notify.admin_groups import make_groups

        # This app stands after ours in INSTALLED_APPS, so their permissions exist when its signal comes.
        post_migrate.connect(make_groups, sender=self, dispatch_uid="back_office_groups")
