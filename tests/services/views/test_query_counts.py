"""Lists take as many queries for many items as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notify.lib import clock
from services.actions.settings import set_sms_prefix
from services.permissions import SERVICE_PERMISSIONS, VIEW_ACTIVITY
from tests.factories.accounts import UserFactory
from tests.factories.organisations import DomainFactory
from tests.factories.services import (
    ApiKeyFactory,
    GuestListEntryFactory,
    InvitationFactory,
    JoinRequestFactory,
    LetterContactFactory,
    LiveServiceFactory,
    ReplyToFactory,
    ServiceFactory,
    SmsSenderFactory,
    join,
)
from tests.helpers.queries import at_one_and_three


def add_person(service, manager):
    join(service, UserFactory(), VIEW_ACTIVITY)
    InvitationFactory(service=service)
    JoinRequestFactory(service=service)


def add_key(service, manager):
    ApiKeyFactory(service=service, created_by=manager)


def add_sender(service, manager):
    SmsSenderFactory(service=service)


def add_service(service, manager):
    for service_of in (ServiceFactory, LiveServiceFactory):
        join(service_of(), manager, *SERVICE_PERMISSIONS)
    join(ServiceFactory(archived_at=clock.now()), manager, *SERVICE_PERMISSIONS)


def add_event(service, manager):
    service.refresh_from_db()
    set_sms_prefix(service, on=not service.prefix_sms, by=manager)


def add_letter_address(service, manager):
    LetterContactFactory(service=service)


def add_reply_to(service, manager):
    ReplyToFactory(service=service)


def add_guest(service, manager):
    GuestListEntryFactory(service=service)


LISTS = {
    "services:member-list": add_person,
    "services:key-list": add_key,
    "services:api": add_key,
    "services:guest-list": add_guest,
    "services:sms-sender-list": add_sender,
    "services:reply-to-list": add_reply_to,
    "services:letter-contact-list": add_letter_address,
    "services:settings": add_sender,
    "services:history": add_event,
    "services:service-list": add_service,
    "services:service-add": add_service,
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
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(name, service, manager, client_for):
    kwargs = {} if name in ("services:service-list", "services:service-add") else {"service_id": service.pk}
    address = reverse(name, kwargs=kwargs)
    one, three = at_one_and_three(client_for(manager), address, lambda: LISTS[name](service, manager))
    assert three == one


def test_the_services_one_may_join_take_as_many_queries_for_three_as_for_one(live_service, client_for):
    person = UserFactory(email="ana@town.gov.uk")
    DomainFactory(domain="town.gov.uk", organisation=live_service.organisation)

    def add():
        join(LiveServiceFactory(organisation=live_service.organisation), UserFactory(), *SERVICE_PERMISSIONS)

    one, three = at_one_and_three(client_for(person), reverse("services:join-choose"), add)
    assert three == one
