"""The cast: a service, the people around it, and browsers that are signed in as one of them."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test import Client

from accounts.models import User
from messaging.notifications.models import SmsRate
from notify import admin_groups
from services.models import Service, TypeDefaults
from services.permissions import SERVICE_PERMISSIONS, VIEW_ACTIVITY
from tests.factories.accounts import UserFactory
from tests.factories.services import LiveServiceFactory, ServiceFactory, join

pytest.register_assert_rewrite("tests.helpers.verbs")

_UNMANAGED = "notifications_notification, notifications_notificationcontent, notifications_deliveryattempt"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Threads of live servers may still hold a connection when the test database is to be dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """What one test has cached must neither be seen by the next nor expire in the middle of it; nor its rate limits."""
    cache.clear()


@pytest.fixture(autouse=True)
def _empty_partitions(request: pytest.FixtureRequest) -> Iterator[None]:
    """Django's flush leaves unmanaged tables alone; tests that commit clean up after themselves."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {_UNMANAGED}")


@pytest.fixture(autouse=True)
def _no_worker_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do by hand what is due."""
    monkeypatch.setattr("notify.lib.wakeup._announce", lambda call: None)


@pytest.fixture
def service(db: None) -> Service:
    """A service in trial mode."""
    return ServiceFactory(name="Bin collections")


@pytest.fixture
def live_service(db: None) -> Service:
    return LiveServiceFactory(name="Council tax")


@pytest.fixture
def manager(service: Service) -> User:
    """Somebody on the team who may do everything."""
    return join(service, UserFactory(name="Mo Manager", email="mo@department.gov.uk"), *SERVICE_PERMISSIONS)


@pytest.fixture
def member(service: Service) -> User:
    """Somebody on the team who may only look."""
    return join(service, UserFactory(name="Mel Member", email="mel@department.gov.uk"), VIEW_ACTIVITY)


@pytest.fixture
def outsider(db: None) -> User:
    """Somebody of the public sector who is on no team."""
    return UserFactory(name="Oz Outsider", email="oz@elsewhere.gov.uk")


@pytest.fixture
def staff(db: None) -> User:
    """One of the platform's administrators."""
    person = UserFactory(name="Pat Platform", email="pat@platform.gov.uk", is_staff=True)
    person.groups.add(Group.objects.get(name=admin_groups.PLATFORM_ADMIN))
    return person


@pytest.fixture
def client_for() -> Callable[[Any], Client]:
    """`client_for(person)`: a browser that is signed in as somebody; `client_for(None)` as nobody."""

    def make(person: Any) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@receiver(post_migrate, sender=apps.get_app_config("notifications"))
def restore_reference_data(**kwargs: Any) -> None:
    """Tests that commit end with a flush, which also empties what migrations filled in: prices and limits by type."""
    if not SmsRate.objects.exists():
        import_module("messaging.notifications.migrations.0003_known_rates").add(apps, None)
    if not TypeDefaults.objects.exists():
        import_module("services.migrations.0003_type_defaults_of_the_brief").add(apps, None)
