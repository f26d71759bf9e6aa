"""Organisations in the back office."""

from organisations.admin import notices, organisations, reports  # noqa: F401 - they register themselves
