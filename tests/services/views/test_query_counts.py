"""Lists take as many queries for many items as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notify.lib import clock
from services.actions.settings import set_sms_prefix
from services.models import JoinRequest, SmsSender
from services.permissions import SERVICE_PERMISSIONS, VIEW_ACTIVITY
from tests.factories.accounts import UserFactory
from tests.factories.services import ApiKeyFactory, InvitationFactory, LiveServiceFactory, ServiceFactory, join


def add_person(service, manager):
    join(service, UserFactory(), VIEW_ACTIVITY)
    InvitationFactory(service=service)
    JoinRequest.objects.create(service=service, requester=UserFactory())


def add_key(service, manager):
    ApiKeyFactory(service=service, created_by=manager)


def add_sender(service, manager):
    SmsSender.objects.create(service=service, name="BINS")


def add_service(service, manager):
    for service_of in (ServiceFactory, LiveServiceFactory):
        join(service_of(), manager, *SERVICE_PERMISSIONS)
    join(ServiceFactory(archived_at=clock.now()), manager, *SERVICE_PERMISSIONS)


def add_event(service, manager):
    service.refresh_from_db()
    set_sms_prefix(service, on=not service.prefix_sms, by=manager)


LISTS = {
    "services:member-list": add_person,
    "services:key-list": add_key,
    "services:sms-sender-list": add_sender,
    "services:settings": add_sender,
    "services:history": add_event,
    "services:service-list": add_service,
}


ACCESS_TABLES = ("services_membership", "services_serviceuserpermission", "organisations_organisationmember")
# Pages whose own content says nothing about the team.
ASKED_ONCE = [
    "services:settings",
    "services:sms-sender-list",
    "services:limits",
    "services:history",
    "services:api",
    "notifications:notification-list",
    "dashboard:usage",
]


@pytest.mark.parametrize("name", ASKED_ONCE)
def test_a_page_asks_once_who_is_in_front_of_it(name, service, manager, client_for):
    browser, address = client_for(manager), reverse(name, kwargs={"service_id": service.pk})
    browser.get(address)  # content types and the session are read once
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    statements = [each["sql"] for each in captured]
    asked = [sum(f'FROM "{table}"' in sql or f'JOIN "{table}"' in sql for sql in statements) for table in ACCESS_TABLES]
    assert asked == [1, 1, 0]


def test_staff_who_open_a_page_are_looked_up_once(service, staff, client_for):
    browser, address = client_for(staff), reverse("services:settings", kwargs={"service_id": service.pk})
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    asked = [
        sum(f'FROM "{table}"' in each["sql"] for each in captured) for table in ("services_service", "services_membership")
    ]
    assert asked == [1, 1]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_does_not_grow_in_queries(name, service, manager, client_for):
    browser, add = client_for(manager), LISTS[name]
    address = reverse(name, kwargs={} if name == "services:service-list" else {"service_id": service.pk})

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get(address).status_code == 200
        return len(captured)

    add(service, manager)
    browser.get(address)  # content types and the session are read once
    first = queries()
    for _ in range(3):
        add(service, manager)
    assert queries() == first
