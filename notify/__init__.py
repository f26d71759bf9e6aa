"""The project: settings, addresses, the worker, and the floor every app stands on."""

from notify.celery import app as celery_app

__all__ = ["celery_app"]
