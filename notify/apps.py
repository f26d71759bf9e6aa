"""The project as an application (commands, template tags), and Django's admin under our own site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class NotifyConfig(AppConfig):
    name = "notify"


class BackOfficeConfig(AdminConfig):
    """Stands in INSTALLED_APPS instead of django.contrib.admin."""

    default_site = "notify.admin_site.BackOffice"
