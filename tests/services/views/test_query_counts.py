"""Lists take as many queries for many items as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from services.actions.settings import set_sms_prefix
from services.permissions import SERVICE_PERMISSIONS, VIEW_ACTIVITY
from tests.factories.accounts import UserFactory
from tests.factories.services import (
    ApiKeyFactory,
    InvitationFactory,
    JoinRequestFactory,
    LiveServiceFactory,
    ServiceFactory,
    SmsSenderFactory,
    join,
)


def add_person(service, manager):
    join(service, UserFactory(), VIEW_ACTIVITY)
    InvitationFactory(service=service)
    JoinRequestFactory(service=service)


def add_key(service, manager):
    ApiKeyFactory(service=service, created_by=manager)


def add_sender(service, manager):
    SmsSenderFactory(service=service)


def add_service(service, manager):
    for factory in (ServiceFactory, LiveServiceFactory):
        join(factory(), manager, *SERVICE_PERMISSIONS)


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
