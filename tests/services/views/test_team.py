"""The pages of the team: inviting, permissions, leaving."""

import re

from django.core import mail

from accounts.models import User
from services.models import Membership, ServiceInvitation
from services.permissions import SEND_MESSAGES, VIEW_ACTIVITY
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFolderFactory
from tests.helpers.pages import text_of, url


def test_inviting_and_accepting(service, browser, client_for, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(url("member-invite", service), {"email": "new@department.gov.uk", "permissions": [SEND_MESSAGES]})
    link = re.search(r"http\S+(/invitation/\S+)", mail.outbox[0].body).group(1)
    wrong = client_for(UserFactory(email="else@department.gov.uk"))
    assert "This invitation is for somebody else" in text_of(wrong.get(link))
    assert wrong.post(link).status_code == 409
    person = UserFactory(email="new@department.gov.uk")
    assert client_for(person).post(link).headers["Location"] == f"/services/{service.pk}"
    assert Membership.objects.filter(user=person, service=service).exists()


def test_an_invitation_with_a_crafted_permission_is_refused(service, browser):
    page = browser.post(url("member-invite", service), {"email": "new@department.gov.uk", "permissions": ["root"]})
    assert (page.status_code, ServiceInvitation.objects.count()) == (200, 0)


def test_folders_are_ticked_per_person(service, browser, member):
    folder = TemplateFolderFactory(service=service, name="Winter")
    TemplateFolderFactory(service=service, name="Summer")
    assert "Winter" in text_of(browser.get(url("member-edit", service, user_id=member.pk)))
    data = {"permissions": [VIEW_ACTIVITY], "folders": [str(folder.pk)]}
    assert browser.post(url("member-edit", service, user_id=member.pk), data).status_code == 302
    assert Membership.objects.get(user=member).sees_all_folders is False
    assert "Opens some folders only" in text_of(browser.get(url("member-list", service)))


def test_the_last_manager_cannot_be_taken_away(service, browser, manager, member):
    page = browser.post(url("member-edit", service, user_id=manager.pk), {"permissions": [VIEW_ACTIVITY]})
    assert "Your service needs at least one person with a public sector email address" in text_of(page)


def test_leaving(service, manager, member, client_for):
    client_for(member).post(url("member-leave", service))
    assert not Membership.objects.filter(user=member).exists()


def test_who_may_do_what_as_a_file(service, browser, member):
    lines = b"".join(browser.get(url("member-download", service)).streaming_content).decode().splitlines()
    assert len(lines) == 3
    assert "mel@department.gov.uk" in lines[1] + lines[2]


def test_the_sign_in_method_is_shown_only_where_it_is_a_choice(service, browser, member):
    page = url("member-edit", service, user_id=member.pk)
    assert "How this person signs in" not in text_of(browser.get(page))
    browser.post(url("permission", service, permission="email_auth"), {"on": "yes"})
    assert "How this person signs in" in text_of(browser.get(page))
    browser.post(page, {"permissions": [VIEW_ACTIVITY], "sign_in_method": "email_auth"})
    assert User.objects.get(pk=member.pk).sign_in_method == "email_auth"
