"""Every page of a service, opened by everybody of the cast."""

import pytest
from django.urls import reverse

from services.actions.members import invitation_token
from services.actions.reply_to_verification import token_for
from services.permissions import MANAGE_API_KEYS, MANAGE_SERVICE
from tests.factories.accounts import UserFactory
from tests.factories.services import ApiKeyFactory, InvitationFactory, JoinRequestFactory, add_reply_to, join

# address → who opens it: everyone on the team, or only those with a permission; the rest of the team gets 403.
PAGES = {
    "services:settings": {MANAGE_SERVICE, MANAGE_API_KEYS},
    "services:service-name": {MANAGE_SERVICE},
    "services:contact-link": {MANAGE_SERVICE},
    "services:email-sender-name": {MANAGE_SERVICE},
    "services:sms-prefix": {MANAGE_SERVICE},
    "services:templates-need-approval": {MANAGE_SERVICE},
    "services:permission": {MANAGE_SERVICE},
    "services:retention-list": {MANAGE_SERVICE},
    "services:retention": {MANAGE_SERVICE},
    "services:billing": {MANAGE_SERVICE},
    "services:international-limit": {MANAGE_SERVICE},
    "services:receive-texts": {MANAGE_SERVICE},
    "services:limits": None,
    "services:service-archive": {MANAGE_SERVICE},
    "services:reply-to-list": {MANAGE_SERVICE, MANAGE_API_KEYS},
    "services:reply-to-add": {MANAGE_SERVICE},
    "services:reply-to-edit": {MANAGE_SERVICE},
    "services:reply-to-remove": {MANAGE_SERVICE},
    "services:sms-sender-list": {MANAGE_SERVICE, MANAGE_API_KEYS},
    "services:sms-sender-add": {MANAGE_SERVICE},
    "services:letter-contact-list": {MANAGE_SERVICE, MANAGE_API_KEYS},
    "services:letter-contact-add": {MANAGE_SERVICE},
    "services:api": {MANAGE_API_KEYS},
    "services:key-list": {MANAGE_API_KEYS},
    "services:key-create": {MANAGE_API_KEYS},
    "services:key-rotate": {MANAGE_API_KEYS},
    "services:key-revoke": {MANAGE_API_KEYS},
    "services:guest-list": {MANAGE_API_KEYS},
    "services:member-list": None,
    "services:member-leave": None,
    "services:member-download": {MANAGE_SERVICE},
    "services:member-invite": {MANAGE_SERVICE},
    "services:member-edit": {MANAGE_SERVICE},
    "services:member-remove": {MANAGE_SERVICE},
    "services:go-live": {MANAGE_SERVICE},
    "services:confirm-unique": {MANAGE_SERVICE},
    "services:volumes": {MANAGE_SERVICE},
    "services:agreement": {MANAGE_SERVICE},
    "services:agreement-accept": {MANAGE_SERVICE},
    "services:agreement-surgery": {MANAGE_SERVICE},
    "services:agreement-trust": {MANAGE_SERVICE},
    "services:history": {MANAGE_SERVICE},
    "services:history-download": {MANAGE_SERVICE},
    "services:join-request": {MANAGE_SERVICE},
    "services:email-branding": {MANAGE_SERVICE},
    "services:letter-branding": {MANAGE_SERVICE},
}


@pytest.fixture
def address_of(service, member):
    reply_to = add_reply_to(service)
    key = ApiKeyFactory(service=service)
    asking = JoinRequestFactory(service=service)
    more = {
        "services:permission": {"permission": "sms"},
        "services:retention": {"channel": "sms"},
        "services:reply-to-edit": {"sender_id": reply_to.pk},
        "services:reply-to-remove": {"sender_id": reply_to.pk},
        "services:key-rotate": {"key_id": key.pk},
        "services:key-revoke": {"key_id": key.pk},
        "services:member-edit": {"user_id": member.pk},
        "services:member-remove": {"user_id": member.pk},
        "services:join-request": {"request_id": asking.pk},
    }
    return lambda name, of=service: reverse(name, kwargs={"service_id": of.pk, **more.get(name, {})})


def statuses(client, address_of, service):
    return {name: client.get(address_of(name, service)).status_code for name in PAGES}


def test_a_manager_opens_every_page(service, manager, client_for, address_of):
    assert statuses(client_for(manager), address_of, service) == dict.fromkeys(PAGES, 200)


def test_staff_open_every_page(service, staff, client_for, address_of):
    assert statuses(client_for(staff), address_of, service) == dict.fromkeys(PAGES, 200)


def test_outsiders_find_nothing(service, outsider, client_for, address_of):
    assert statuses(client_for(outsider), address_of, service) == dict.fromkeys(PAGES, 404)


def test_people_who_are_not_signed_in_are_asked_to(service, client_for, address_of):
    assert statuses(client_for(None), address_of, service) == dict.fromkeys(PAGES, 302)


def test_members_see_what_is_for_all(service, member, client_for, address_of):
    expected = {name: 403 if needs else 200 for name, needs in PAGES.items()}
    assert statuses(client_for(member), address_of, service) == expected


@pytest.mark.parametrize("permission", [MANAGE_SERVICE, MANAGE_API_KEYS])
def test_one_permission_opens_its_own_pages(permission, service, client_for, address_of):
    person = join(service, UserFactory(), permission)
    expected = {name: 200 if needs is None or permission in needs else 403 for name, needs in PAGES.items()}
    assert statuses(client_for(person), address_of, service) == expected


def test_posts_are_refused_like_pages(service, member, outsider, client_for, address_of):
    for name, needs in PAGES.items():
        if needs:
            assert client_for(member).post(address_of(name)).status_code in {403, 405}, name
        assert client_for(outsider).post(address_of(name)).status_code in {404, 405}, name


def test_another_services_things_are_not_found(service, manager, live_service, client_for, address_of):
    """The ids are of `service`, the address names another one that the person manages too."""
    join(live_service, manager, MANAGE_SERVICE, MANAGE_API_KEYS)
    names = ["reply-to-edit", "reply-to-remove", "key-rotate", "key-revoke", "join-request"]
    for name in names:
        assert client_for(manager).get(address_of(f"services:{name}", live_service)).status_code == 404, name


def test_pages_outside_a_service(manager, outsider, service, client_for):
    asked = {"service-list": 200, "service-add": 200, "service-name-yours": 200}
    assert {name: client_for(outsider).get(reverse(f"services:{name}")).status_code for name in asked} == asked
    stranger = UserFactory(email="someone@company.example")
    assert client_for(stranger).get(reverse("services:service-add")).status_code == 403
    assert client_for(stranger).post(reverse("services:service-name-yours"), {"name": "X Y"}).status_code == 403


def test_links_in_emails_open(service, outsider, client_for):
    invitation = InvitationFactory(service=service, email=outsider.email)
    url = reverse("services:invitation", kwargs={"token": invitation_token(invitation)})
    assert client_for(outsider).get(url).status_code == 200
    assert client_for(outsider).get(url + "x").status_code == 404
    reply_to = add_reply_to(service)
    confirm = reverse("services:reply-to-confirm", kwargs={"token": token_for(reply_to, False)})
    assert client_for(None).get(confirm).status_code == 200
    assert client_for(None).get(confirm[:-3] + "abc").status_code == 404
