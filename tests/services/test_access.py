"""What one person may do at one service, found out once."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from notify.lib import clock
from services.access import ServiceAccess, access_of, get_service, is_member
from services.actions import support
from services.models import Membership, SupportSession
from services.permissions import MANAGE_SERVICE, SERVICE_PERMISSIONS, VIEW_ACTIVITY
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationMemberFactory
from tests.factories.services import MembershipFactory, join

pytestmark = pytest.mark.django_db
PASSES = object()


def answer(person, service, needs, **kwargs):
    try:
        ServiceAccess(person, service).require(needs, **kwargs)
    except (Http404, PermissionDenied) as refusal:
        return type(refusal)
    return PASSES


@pytest.fixture
def colleague(service):
    person = UserFactory()
    OrganisationMemberFactory(organisation=service.organisation, user=person)
    return person


@pytest.fixture
def reader(db):
    """Somebody of the platform's staff who may look and not change."""
    person = UserFactory(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_service"))
    return person


def test_who_passes_where_a_right_is_needed(service, manager, member, outsider, colleague, staff, reader):
    people = [manager, staff, member, outsider, colleague, reader]
    expected = [PASSES, PASSES, PermissionDenied, Http404, Http404, Http404]
    assert [answer(person, service, MANAGE_SERVICE) for person in people] == expected


def test_who_passes_where_membership_is_enough(service, manager, member, outsider, colleague, staff, reader):
    people = [manager, staff, member, reader, outsider, colleague]
    expected = [PASSES, PASSES, PASSES, PASSES, Http404, Http404]
    assert [answer(person, service, None) for person in people] == expected


def test_who_passes_where_the_organisation_may_look(service, member, outsider, colleague):
    """A member of both looks even where the right on the team is missing."""
    people = [member, outsider, colleague, join(service, colleague)]
    answers = [answer(person, service, MANAGE_SERVICE, or_organisation=True) for person in people]
    assert answers == [PermissionDenied, Http404, PASSES, PASSES]


def test_an_archived_service_is_there_for_staff_alone(service, manager, colleague, staff):
    service.archived_at = clock.now()
    answers = [answer(person, service, None, or_organisation=True) for person in (manager, colleague, staff)]
    assert answers == [Http404, Http404, PASSES]


def test_access_that_has_run_out_is_no_access(service, manager):
    Membership.objects.filter(service=service, user=manager).update(expires_at=clock.now())
    access = ServiceAccess(manager, service)
    assert (access.membership, access.held, answer(manager, service, None)) == (None, frozenset(), Http404)


def test_what_is_held(service, manager, member, staff, outsider):
    assert ServiceAccess(manager, service).held == ServiceAccess(staff, service).held == frozenset(SERVICE_PERMISSIONS)
    assert (ServiceAccess(member, service).held, ServiceAccess(outsider, service).held) == ({VIEW_ACTIVITY}, frozenset())


def test_each_question_is_asked_once(service, member, django_assert_num_queries):
    assert ServiceAccess(member, service).held  # the content type is read once
    access = ServiceAccess(member, service)
    with django_assert_num_queries(2):
        for _ in range(3):
            access.require(None)
            access.require(VIEW_ACTIVITY)
            assert access.held


def test_a_request_has_one_access_for_a_service(service, live_service, member):
    request = RequestFactory().get("/")
    request.user = member
    first = access_of(request, service.pk)
    assert access_of(request, service.pk) is first
    assert access_of(request, live_service.pk).service == live_service
    with pytest.raises(Http404):
        access_of(request, member.pk)


def test_membership_is_asked_anew_outside_a_page(service, member):
    assert is_member(member, service)
    assert get_service(member, service.pk) == service
    Membership.objects.filter(service=service, user=member).delete()
    assert not is_member(member, service)
    with pytest.raises(Http404):
        get_service(member, service.pk)


def test_staff_whose_membership_has_run_out_do_not_look_unseen(service, staff, client_for):
    MembershipFactory(service=service, user=staff, expires_at=clock.now())
    assert client_for(staff).get(f"/services/{service.pk}/service-settings").status_code == 200
    assert SupportSession.objects.get().reason == support.UNASKED
