from datetime import timedelta
from unittest.mock import ANY, Mock

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError

from audit.models import AuditEvent
from notify import admin_groups
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from services.access import get_service, permissions_at
from services.actions import support
from services.models import SupportSession
from services.permissions import MANAGE_SERVICE, SERVICE_PERMISSIONS
from tests.factories.accounts import UserFactory
from tests.factories.services import ServiceFactory, SupportSessionFactory
from tests.helpers.cast import KEYS, STAFF, ServiceCast
from tests.helpers.rivals import quicker
from tests.helpers.verbs import Verb, call, suite_of

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


def test_a_session_is_for_one_service_and_half_an_hour(service, helper):
    other = ServiceFactory(name="Parks", organisation=None, organisation_type="local")
    session = helper.support_session = support.start(service, reason="Ticket 7", by=helper)
    assert get_service(helper, service.pk, needs=MANAGE_SERVICE) == service
    assert permissions_at(helper, service) == frozenset(SERVICE_PERMISSIONS)
    assert permissions_at(helper, other) == frozenset()
    assert session.expires_at - session.started_at == timedelta(minutes=30)
    SupportSession.objects.filter(pk=session.pk).update(
        started_at=clock.now() - timedelta(hours=1), expires_at=clock.now() - timedelta(seconds=1)
    )
    assert support.running(helper) is None
    session.refresh_from_db()
    assert permissions_at(helper, service) == frozenset()


def test_a_new_session_ends_the_one_before(service, helper):
    first = support.start(service, reason="One", by=helper)
    second = support.start(service, reason="Two", by=helper)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert support.running(helper) == second


def test_a_session_ends_once(service, helper):
    session = support.start(service, reason="Ticket 7", by=helper)
    for _ in range(2):
        support.end(session, by=helper)
    assert support.running(helper) is None
    assert AuditEvent.objects.filter(name="support_session.ended").count() == 1


def test_a_session_needs_a_reason_and_the_right(service, helper):
    with pytest.raises(ActionRefused):
        support.start(service, reason=" ", by=helper)
    with pytest.raises(PermissionRefused):
        support.start(service, reason="x", by=helper, may_act=True)
    with pytest.raises(PermissionRefused):
        support.start(service, reason="x", by=UserFactory())
    with pytest.raises(PermissionRefused):
        support.end(support.start(service, reason="x", by=helper), by=UserFactory())


def test_a_session_counts_for_its_service_while_it_runs(service, helper):
    assert support.session_of(helper, service.pk) is None
    session = helper.support_session = support.start(service, reason="Ticket 7", by=helper)
    assert support.session_of(helper, service.pk) == session
    assert support.session_of(helper, ServiceFactory().pk) is None
    session.expires_at = clock.now() - timedelta(seconds=1)
    assert support.session_of(helper, service.pk) is None


def test_of_two_pages_opened_at_one_moment_both_get_the_one_session(service, monkeypatch):
    admin = staff_in(admin_groups.PLATFORM_ADMIN)
    first = support.start_unasked(service, by=admin)
    monkeypatch.setattr(support, "start", Mock(side_effect=IntegrityError))
    assert support.start_unasked(service, by=admin) == first


@pytest.mark.django_db(transaction=True)
def test_two_pages_opened_unasked_at_once_share_one_session(service):
    admin = staff_in(admin_groups.PLATFORM_ADMIN)
    with quicker('INSERT INTO "services_supportsession"', lambda: support.start_unasked(service, by=admin)):
        session = support.start_unasked(service, by=admin)
    assert session == SupportSession.objects.get()
    assert AuditEvent.objects.filter(name="support_session.started").count() == 1


# --- Who may, and what is written ---------------------------------------------------------------------------------
def ended(cast):
    """A session of the helper's."""
    return call(SupportSessionFactory(service=cast.service, user=cast.support))


STARTED = {"+SupportSession": 1, "history": ["support_session.started"]}
NO_REASON = "Say why you need to look into this service"
LOOKERS = ("support", "staff", "superuser")
# The platform itself looks into nothing, and keys have no pages.
NEVER = ("system", *KEYS)
VERBS = [
    Verb(
        support.start,
        lambda cast: call(cast.service, reason="Ticket 7"),
        LOOKERS,
        STARTED,
        left_out=NEVER,
        refused={NO_REASON: lambda cast: call(cast.service, reason=" ")},
    ),
    Verb(
        support.start,
        lambda cast: call(cast.service, reason="Ticket 7", may_act=True),
        ("staff", "superuser"),
        STARTED,
        left_out=NEVER,
        case="to-act",
    ),
    Verb(
        support.start_unasked,
        lambda cast: call(cast.service),
        ("staff", "superuser"),
        STARTED,
        left_out=NEVER,
    ),
    Verb(
        support.end,
        ended,
        ("support", *STAFF),
        {"SupportSession.ended_at": ANY, "history": ["support_session.ended"]},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
