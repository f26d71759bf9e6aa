"""Lists take as many queries for many rows as for one."""

import pytest
from django.urls import reverse

from organisations.permissions import MAKE_SERVICES_LIVE
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory, OrganisationInvitationFactory, belong
from tests.factories.services import LiveServiceFactory, PendingServiceFactory, ServiceFactory, join
from tests.helpers.queries import at_one_and_three


def add_person(organisation, approver):
    belong(organisation, UserFactory(), MAKE_SERVICES_LIVE)
    OrganisationInvitationFactory(organisation=organisation)


def add_service(factory):
    def add(organisation, approver):
        join(factory(organisation=organisation), approver)

    return add


LISTS = {
    "organisations:organisation-dashboard": add_service(LiveServiceFactory),
    "organisations:trial-service-list": add_service(ServiceFactory),
    "organisations:go-live-request-list": add_service(PendingServiceFactory),
    "organisations:member-list": add_person,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_an_organisation(name, organisation, approver, client_for):
    organisation.can_approve_own_go_live_requests = True
    organisation.save()
    address = reverse(name, args=[organisation.pk])
    one, three = at_one_and_three(client_for(approver), address, lambda: LISTS[name](organisation, approver))
    assert three == one


def test_the_list_of_organisations(approver, client_for):
    address = reverse("organisations:organisation-list")
    one, three = at_one_and_three(client_for(approver), address, lambda: belong(OrganisationFactory(), approver))
    assert three == one
