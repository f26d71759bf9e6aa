"""Lists take as many queries for many items as for one."""

import pytest
from django.urls import reverse

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
    for factory in (ServiceFactory, LiveServiceFactory):
        join(factory(), manager, *SERVICE_PERMISSIONS)


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
