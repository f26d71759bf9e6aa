"""The Celery application. The broker is only wakes workers: everything that must happen is a row in PostgreSQL."""

import os
from importlib import import_module
from importlib.util import find_spec

from celery import Celery
from celery.signals import worker_init
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "notify.settings.base")

app = Celery("notify")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Apps whose `tasks.BEAT` says what runs by the clock.
SCHEDULED_APPS = [
    "accounts",
    "organisations",
    "services",
    "messaging.message_templates",
    "messaging.notifications",
    "messaging.jobs",
    "messaging.inbound",
    "messaging.sandbox",
    "callbacks",
    "dashboard",
]


@app.on_after_finalize.connect
def read_schedules(sender: Celery, **kwargs: object) -> None:
    """Collect every app's schedule; beat reads it when it starts."""
    for name in SCHEDULED_APPS:
        if apps.is_installed(name) and find_spec(f"{name}.tasks"):
            sender.conf.beat_schedule.update(getattr(import_module(f"{name}.tasks"), "BEAT", {}))


@worker_init.connect
def refuse_bad_settings(**kwargs: object) -> None:
    """A worker runs no checks by itself. Ends the process, because an exception of a signal's receiver is only logged."""
    from notify import checks  # noqa: PLC0415 - apps are ready only now

    try:
        checks.refuse_bad_settings()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error
