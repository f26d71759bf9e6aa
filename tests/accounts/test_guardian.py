"""The one door to django-guardian, and that Django's own question gets the answer that the pages get."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from guardian.models import UserObjectPermission

from accounts import guardian
from accounts.models import User
from notify.lib import clock
from notify.lib.refusals import PermissionRefused
from organisations.permissions import MAKE_SERVICES_LIVE
from services.access import require
from services.models import Membership, Service, ServiceUserPermission
from services.permissions import MANAGE_SERVICE, SEND_MESSAGES, SERVICE_PERMISSIONS
from tests.factories.accounts import GroupFactory, UserFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import ServiceFactory, join

pytestmark = pytest.mark.django_db


def may(person, service):
    """What Django, the door and the actions' own check answer when a person wants to manage a service."""
    person = User.objects.get(pk=person.pk)
    try:
        require(person, service, MANAGE_SERVICE)
    except PermissionRefused:
        passed = False
    else:
        passed = True
    granted = MANAGE_SERVICE in guardian.permissions_of(person, service)
    return person.has_perm(f"services.{MANAGE_SERVICE}", service), granted, passed


def test_a_holder_a_member_and_an_outsider_get_one_answer(service, manager, member, outsider):
    holder = join(service, UserFactory(), MANAGE_SERVICE)
    assert {may(person, service) for person in (manager, holder)} == {(True, True, True)}
    assert {may(person, service) for person in (member, outsider)} == {(False, False, False)}


def test_a_right_is_for_one_service(service, manager, live_service):
    assert may(manager, live_service) == (False, False, False)


def test_people_who_are_not_active_hold_nothing(service, manager):
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert may(manager, service)[:2] == (False, False)
    assert not guardian.objects_for(User.objects.get(pk=manager.pk), MANAGE_SERVICE, Service.objects.all()).exists()


def test_access_that_has_run_out_is_refused_though_the_grant_is_still_there(service, manager):
    Membership.objects.filter(service=service, user=manager).update(expires_at=clock.now())
    assert may(manager, service) == (True, True, False)


def test_the_platforms_staff_pass_by_their_groups_and_hold_no_grant(service, staff):
    assert may(staff, service) == (False, False, True)


def test_django_says_yes_to_a_superuser_who_was_granted_nothing(service):
    assert may(UserFactory(is_superuser=True, is_staff=True), service) == (True, False, True)


def test_nobody_who_is_not_signed_in_holds_anything(service):
    nobody = AnonymousUser()
    assert not nobody.has_perm(f"services.{MANAGE_SERVICE}", service)
    assert guardian.permissions_of(nobody, service) == frozenset()
    assert not guardian.objects_for(nobody, MANAGE_SERVICE, Service.objects.all()).exists()
    assert not User.objects.filter(email="AnonymousUser").exists()


def test_all_rights_of_a_page_are_one_query(service, manager, django_assert_num_queries):
    guardian.permissions_of(manager, service)  # the content type is read once
    with django_assert_num_queries(1):
        assert guardian.permissions_of(manager, service) == frozenset(SERVICE_PERMISSIONS)


@pytest.mark.parametrize("codename", ["approve_go_live", "change_service", "nonsense"])
def test_a_right_outside_the_allow_list_is_never_granted(codename, service, outsider):
    with pytest.raises(ValidationError):
        guardian.grant(outsider, codename, service)
    assert not ServiceUserPermission.objects.filter(user=outsider).exists()


def test_the_table_itself_refuses_a_right_outside_the_allow_list(service, outsider):
    with pytest.raises(ValidationError):
        ServiceUserPermission.objects.assign_perm("approve_go_live", outsider, service)
    assert not ServiceUserPermission.objects.filter(user=outsider).exists()


def test_nothing_is_granted_on_a_model_without_a_table_of_its_own(service, manager, outsider):
    membership = Membership.objects.get(service=service, user=manager)
    with pytest.raises(TypeError):
        guardian.grant(outsider, "change_membership", membership)
    assert not UserObjectPermission.objects.exists()


def test_granting_twice_and_revoking_twice_are_harmless(service, outsider):
    for _ in range(2):
        guardian.grant(outsider, SEND_MESSAGES, service)
    assert guardian.permissions_of(outsider, service) == {SEND_MESSAGES}
    for _ in range(2):
        guardian.revoke(outsider, SEND_MESSAGES, service)
    assert guardian.permissions_of(outsider, service) == frozenset()


def test_granting_gives_no_right_on_the_whole_model(service, outsider):
    guardian.grant(outsider, MANAGE_SERVICE, service)
    person = User.objects.get(pk=outsider.pk)
    assert not person.has_perm(f"services.{MANAGE_SERVICE}")
    assert not person.user_permissions.exists()


def test_taking_everything_away_leaves_other_objects_and_people_alone(service, manager, member):
    other = ServiceFactory()
    guardian.grant(manager, MANAGE_SERVICE, other)
    before = guardian.permissions_of(member, service)
    guardian.revoke_all(manager, service)
    assert guardian.permissions_of(manager, service) == frozenset()
    assert guardian.permissions_of(manager, other) == {MANAGE_SERVICE}
    assert guardian.permissions_of(member, service) == before


def test_who_holds_a_right_and_on_what(service, manager, member, outsider):
    superuser = UserFactory(is_superuser=True)
    group = GroupFactory(name="Everybody")
    outsider.groups.add(group)
    assert guardian.users_with(MANAGE_SERVICE, service) == {manager.pk}
    assert list(guardian.objects_for(manager, MANAGE_SERVICE, Service.objects.all())) == [service]
    for person in (member, outsider, superuser):
        assert not guardian.objects_for(person, MANAGE_SERVICE, Service.objects.all()).exists()


def test_organisations_have_a_table_of_their_own(outsider):
    organisation = OrganisationFactory()
    guardian.grant(outsider, MAKE_SERVICES_LIVE, organisation)
    assert guardian.permissions_of(outsider, organisation) == {MAKE_SERVICES_LIVE}
    assert outsider.has_perm(f"organisations.{MAKE_SERVICES_LIVE}", organisation)
