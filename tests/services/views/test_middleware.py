"""Requests of staff belong to a support session."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from notify import admin_groups
from services.actions import support
from services.models import SupportSession
from tests.factories.accounts import UserFactory
from tests.factories.services import ServiceFactory, join

pytestmark = pytest.mark.django_db


def staff_in(group):
    person = UserFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    return person


@pytest.fixture
def service():
    return ServiceFactory(name="Bins", organisation=None, organisation_type="local")


@pytest.fixture
def helper():
    return staff_in(admin_groups.SUPPORT)


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def ask(service):
    return reverse("services:email-branding-ask", args=[service.pk])


def test_support_sees_what_a_team_sees_only_in_a_session(service, helper):
    address = reverse("letters:brand-preview-email", args=[service.pk])
    assert client_of(helper).get(address).status_code == 404
    support.start(service, reason="Ticket 7", by=helper)
    assert client_of(helper).get(address).status_code == 200


def test_a_session_to_look_changes_nothing(service, helper):
    support.start(service, reason="Ticket 7", by=helper)
    assert client_of(helper).post(ask(service), {"text": "A crest"}).status_code == 403
    assert not service.brand_requests.exists()


def test_what_staff_do_in_a_session_names_it(service):
    admin = staff_in(admin_groups.PLATFORM_ADMIN)
    session = support.start(service, reason="Ticket 7", by=admin, may_act=True)
    assert client_of(admin).post(ask(service), {"text": "A crest"}).status_code == 302
    event = AuditEvent.objects.get(name="brand_request.made")
    assert (event.actor, event.support_session_id, event.service_id) == (admin, session.pk, service.pk)


def test_platform_staff_who_open_a_service_unasked_are_written_down(service):
    admin = staff_in(admin_groups.PLATFORM_ADMIN)
    response = client_of(admin).get(ask(service))
    assert "Everything you do is recorded" in response.content.decode()
    session = SupportSession.objects.get()
    assert (session.user, session.service, session.reason, session.may_act) == (admin, service, support.UNASKED, True)
    client_of(admin).get(ask(service))
    assert SupportSession.objects.count() == 1
    client_of(admin).post(ask(service), {"text": "A crest"})
    assert AuditEvent.objects.get(name="brand_request.made").support_session_id == session.pk


def test_members_of_the_team_need_no_session_even_if_they_are_staff(service):
    admin = staff_in(admin_groups.PLATFORM_ADMIN)
    join(service, admin)
    assert client_of(admin).get(ask(service)).status_code == 200
    assert not SupportSession.objects.exists()


def test_a_look_stays_a_look_for_platform_staff_too(service):
    admin = staff_in(admin_groups.PLATFORM_ADMIN)
    support.start(service, reason="Ticket 7", by=admin)
    assert client_of(admin).post(ask(service), {"text": "A crest"}).status_code == 403
