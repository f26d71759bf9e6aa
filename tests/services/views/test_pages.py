"""The pages of a service: what they show, what posting does, and what crafted posts get."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from notify.lib import clock
from services.models import ApiKey, EmailReplyTo, JoinRequest, Membership, Service, ServiceInvitation, SmsSender
from services.permissions import MANAGE_SERVICE, SEND_MESSAGES, VIEW_ACTIVITY
from services.verification import token_for
from tests.factories.accounts import UserFactory
from tests.factories.messaging import TemplateFolderFactory
from tests.factories.organisations import DomainFactory, OrganisationFactory
from tests.factories.services import ApiKeyFactory, LiveServiceFactory, ServiceFactory, WaitingReplyToFactory, join, make_ready


@pytest.fixture
def browser(manager, client_for):
    return client_for(manager)


def url(name, service, **more):
    return reverse(f"services:{name}", kwargs={"service_id": service.pk, **more})


def text_of(response):
    """What a page says, without markup."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


# --- Adding -----------------------------------------------------------------------------------------------------------
def test_a_service_is_added_and_listed(outsider, client_for):
    browser = client_for(outsider)
    page = text_of(browser.get(reverse("services:service-name-yours")))
    assert "Who runs this service?" in page
    answer = browser.post(reverse("services:service-name-yours"), {"name": "Allotments", "organisation_type": "local"})
    service = Service.objects.get(name="Allotments")
    assert answer.headers["Location"] == f"/services/{service.pk}"
    assert "Allotments" in text_of(browser.get(reverse("services:service-list")))


def test_the_kind_is_not_asked_where_it_is_known_and_the_nhs_sees_its_own(client_for, db):
    DomainFactory(domain="town.gov.uk", organisation=OrganisationFactory())
    known = client_for(UserFactory(email="a@town.gov.uk")).get(reverse("services:service-name-yours"))
    assert "Who runs this service?" not in text_of(known)
    nhs = text_of(client_for(UserFactory(email="a@trust.nhs.uk")).get(reverse("services:service-name-yours")))
    assert ("GP surgery" in nhs, "Local government" in nhs) == (True, False)


def test_a_taken_name_is_said_beside_its_field(outsider, client_for, service):
    page = client_for(outsider).post(
        reverse("services:service-name-yours"), {"name": service.name, "organisation_type": "local"}
    )
    assert (page.status_code, text_of(page).count("already in use")) == (200, 2)


# --- Keys -------------------------------------------------------------------------------------------------------------
def test_a_key_is_shown_once(service, browser):
    page = browser.post(url("key-create", service), {"name": "Case system", "key_type": "test"})
    key = ApiKey.objects.get()
    assert f"case_system-{service.pk}-{key.secret}" in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert key.secret not in browser.get(url("key-list", service)).content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": "Live", "key_type": "normal"}, "Your service is in trial mode, so you cannot create a live key"),
        ({"name": "Odd", "key_type": "golden"}, "golden"),
        ({"name": "Odd", "key_type": "test", "scopes": ["everything"]}, "everything"),
        ({"name": "", "key_type": "test"}, "Enter a name for this key"),
    ],
)
def test_crafted_keys_leave_nothing_behind(data, sentence, service, browser):
    page = browser.post(url("key-create", service), data)
    assert (page.status_code, sentence in text_of(page), ApiKey.objects.count()) == (200, True, 0)


def test_keys_are_replaced_and_revoked(service, browser):
    old = ApiKeyFactory(service=service, name="Case system")
    page = browser.post(url("key-rotate", service, key_id=old.pk), {"overlap": "1"})
    assert "Copy your key" in text_of(page)
    assert "works until" in text_of(browser.get(url("key-list", service)))
    new = ApiKey.objects.exclude(pk=old.pk).get()
    browser.post(url("key-revoke", service, key_id=new.pk))
    new.refresh_from_db()
    assert new.revoked_at is not None


# --- Settings ---------------------------------------------------------------------------------------------------------
def test_every_row_of_the_settings_page(service, browser):
    page = text_of(browser.get(url("settings", service)))
    rows = [
        "Service name", "Contact link", "Sign in with an email link", "Choose who sees which folder",
        "A second person publishes templates", "Message limits", "Data retention", "Billing details", "Organisation",
        "API requests a minute", "Send emails", "Sender name and address", "Reply-to addresses", "Email branding",
        "Upload and send files and letters", "Send text messages", "Text message senders",
        "Start text messages with service name", "Send text messages to international numbers",
        "International text message limit", "Receive text message replies", "Send text messages to UK landlines",
        "Free text messages", "Send letters", "Send letters internationally", "Sender addresses", "Letter branding",
    ]  # fmt: skip
    assert [row for row in rows if row not in page] == []


def test_people_who_only_manage_the_api_look_and_cannot_change(service, client_for):
    person = join(service, UserFactory(), "manage_api_keys")
    page = client_for(person).get(url("settings", service)).content.decode()
    assert url("reply-to-list", service) in page
    assert url("service-name", service) not in page


@pytest.mark.parametrize(
    ("name", "more", "data", "field", "value"),
    [
        ("service-name", {}, {"name": "Waste"}, "name", "Waste"),
        ("contact-link", {}, {"value": "a@b.gov.uk", "in_emails": "on"}, "contact_link", "a@b.gov.uk"),
        ("email-sender-name", {}, {"value": "Riverside"}, "email_sender_local_part", "riverside"),
        ("sms-prefix", {}, {"on": "yes"}, "prefix_sms", True),
        ("templates-need-approval", {}, {"on": "yes"}, "templates_need_approval", True),
        ("billing", {}, {"billing_reference": "B1"}, "billing_reference", "B1"),
        ("international-limit", {}, {"value": "7"}, "international_sms_limit_override", 7),
        ("volumes", {}, {"email": "10"}, "volume_email", 10),
        ("confirm-unique", {}, {"name": "Bin collections"}, "confirmed_unique", True),
    ],
)
def test_settings_are_saved(name, more, data, field, value, service, browser):
    answer = browser.post(url(name, service, **more), data)
    service.refresh_from_db()
    assert (answer.status_code, getattr(service, field)) == (302, value)


@pytest.mark.parametrize("permission", ["sms_to_uk_landlines", "inbound_sms", "nonsense"])
def test_switches_outside_the_teams_hands_are_not_found(permission, service, browser):
    answer = browser.post(url("permission", service, permission=permission), {"on": "yes"})
    service.refresh_from_db()
    assert (answer.status_code, service.has_permission(permission)) == (404, False)


def test_switching_a_channel_off_and_what_email_needs_to_come_back(service, browser):
    browser.post(url("permission", service, permission="email"), {"on": "no"})
    page = browser.post(url("permission", service, permission="email"), {"on": "yes"})
    assert "Add a reply-to email address first" in text_of(page)


def test_limits_say_what_is_left_and_when_it_starts_again(service, client_for, member):
    page = text_of(client_for(member).get(url("limits", service)))
    assert "Your service is in trial mode, so these limits are low" in page
    assert "They start again" in page


def test_a_reply_to_address_is_confirmed_from_its_email(service, browser, client_for, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(url("reply-to-add", service), {"value": "team@department.gov.uk"})
    assert "Not confirmed" in text_of(browser.get(url("reply-to-list", service)))
    link = re.search(r"http\S+(/confirm-reply-to/\S+)", mail.outbox[0].body).group(1)
    anybody = client_for(None)
    assert "Should replies come here?" in text_of(anybody.get(link))
    assert EmailReplyTo.objects.get().is_waiting
    assert "The address is confirmed" in text_of(anybody.post(link))
    assert EmailReplyTo.objects.get().is_default


def test_another_services_sender_is_not_found(service, live_service, browser):
    other = SmsSender.objects.get(service=live_service)
    path = url("sms-sender-edit", service, sender_id=other.pk)
    assert browser.post(path, {"value": "Mine", "is_default": "on"}).status_code == 404
    other.refresh_from_db()
    assert other.name == "GOVUK"


def test_the_guest_list_keeps_what_was_typed_when_it_is_wrong(service, browser):
    page = browser.post(url("guest-list", service), {"email_1": "nobody", "phone_1": "07700900123"})
    assert "Enter an email address in the correct format" in text_of(page)
    assert 'value="07700900123"' in page.content.decode()


# --- Team -------------------------------------------------------------------------------------------------------------
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


def test_a_join_request_from_choosing_to_approving(client_for, db):
    live = LiveServiceFactory(name="Street lights")
    DomainFactory(domain="town.gov.uk", organisation=live.organisation)
    boss = join(live, UserFactory(email="boss@town.gov.uk"), MANAGE_SERVICE)
    person = UserFactory(email="col@town.gov.uk")
    browser = client_for(person)
    assert "Join an existing service" in text_of(browser.get(reverse("services:service-list")))
    assert "Street lights" in text_of(browser.get(reverse("services:join-choose")))
    answer = browser.post(url("join-ask", live), {"managers": [str(boss.pk)], "reason": "Lamps"})
    assert boss.name in text_of(browser.get(answer.headers["Location"]))
    request = JoinRequest.objects.get()
    page = url("join-request", live, request_id=request.pk)
    assert "Lamps" in text_of(client_for(boss).get(page))
    client_for(boss).post(page, {"answer": "approve", "permissions": [VIEW_ACTIVITY]})
    assert Membership.objects.filter(user=person, service=live).exists()
    assert client_for(boss).post(page, {"answer": "refuse"}).status_code == 200


# --- Going live and ending --------------------------------------------------------------------------------------------
def test_the_checklist_links_to_the_pages_that_complete_it(service, browser):
    page = browser.get(url("go-live", service))
    assert "Complete every task" in text_of(page)
    for name in ("confirm-unique", "volumes", "member-list"):
        assert url(name, service) in page.content.decode()


def test_the_whole_way_to_live(service, browser, manager, client_for, staff):
    make_ready(service)
    browser.post(url("go-live", service), {"verb": "request"})
    assert "Mo Manager asked for this service to go live" in text_of(browser.get(url("go-live", service)))
    approver = client_for(staff)
    assert "Bin collections" in text_of(approver.get(url("go-live-decision", service)))
    refused = approver.post(url("go-live-decision", service), {"answer": "reject", "reason": ""})
    assert "Enter a reason" in text_of(refused)
    approver.post(url("go-live-decision", service), {"answer": "approve"})
    service.refresh_from_db()
    assert service.is_live
    timeline = text_of(browser.get(url("go-live", service)))
    assert "asked for ‘Bin collections’ to go live" in timeline
    assert "made ‘Bin collections’ live" in timeline


def test_a_crafted_request_names_what_is_missing(service, browser):
    page = browser.post(url("go-live", service), {"verb": "request"})
    assert (page.status_code, "Confirm that your service is unique" in text_of(page)) == (409, True)
    service.refresh_from_db()
    assert service.state == "trial"


def test_a_manager_without_a_public_address_cannot_ask(service, client_for):
    contractor = join(make_ready(service), UserFactory(email="con@tractor.example"), MANAGE_SERVICE)
    browser = client_for(contractor)
    assert "Only a team member with a public sector email address" in text_of(browser.get(url("go-live", service)))
    assert browser.post(url("go-live", service), {"verb": "request"}).status_code == 403


def test_archiving_says_what_will_happen_and_can_be_undone(service, browser, client_for, member):
    ApiKeyFactory(service=service)
    page = text_of(browser.get(url("service-archive", service)))
    assert "1 API key will stop working at once" in page
    assert "0 messages waiting to be sent now" in page
    browser.post(url("service-archive", service), {"confirm": "yes"})
    assert browser.get(url("settings", service)).status_code == 404
    assert "You can restore it until" in text_of(browser.get(reverse("services:service-list")))
    assert client_for(member).get(url("service-restore", service)).status_code == 404
    browser.post(url("service-restore", service), {"name": "Bin collections"})
    service.refresh_from_db()
    assert (service.archived_at, service.name) == (None, "Bin collections")


def test_a_live_service_shows_no_way_to_archive(live_service, client_for):
    boss = join(live_service, UserFactory(), MANAGE_SERVICE)
    assert url("service-archive", live_service) not in client_for(boss).get(url("settings", live_service)).content.decode()
    assert client_for(boss).post(url("service-archive", live_service)).status_code == 403


def test_after_seven_days_there_is_nothing_to_restore(service, browser, manager):
    browser.post(url("service-archive", service), {"confirm": "yes"})
    Service.objects.filter(pk=service.pk).update(archived_at=clock.now() - timedelta(days=8))
    assert "You can restore it until" not in text_of(browser.get(reverse("services:service-list")))
    page = browser.post(url("service-restore", service), {"name": "Bin collections"})
    assert "this time is over" in text_of(page)


def test_the_agreement_is_read_and_accepted(db, client_for):
    service = ServiceFactory(organisation=OrganisationFactory(agreement_signed=False, crown=None))
    boss = join(service, UserFactory(), MANAGE_SERVICE)
    browser = client_for(boss)
    assert "There are two versions" in text_of(browser.get(url("agreement", service)))
    assert "Continue to accept" in text_of(browser.get(url("agreement", service) + "?version=crown"))
    page = browser.post(url("agreement-accept", service), {"version": "1.0", "who": "someone-else"})
    assert "Enter the name of the person you accept it for" in text_of(page)
    browser.post(url("agreement-accept", service), {"version": "1.0", "who": "me"})
    assert f"Accepted by {boss.name}" in text_of(browser.get(url("agreement", service)))


# --- History ----------------------------------------------------------------------------------------------------------
def test_history_is_filtered_and_downloaded(service, browser, manager):
    browser.post(url("sms-prefix", service), {"on": "yes"})
    browser.post(url("key-create", service), {"name": "Case system", "key_type": "test"})
    assert "‘start texts with the service name’ from ‘off’ to ‘on’" in text_of(browser.get(url("history", service)))
    keys = text_of(browser.get(url("history", service) + "?show=api"))
    assert ("created the test API key ‘Case system’" in keys, "start texts" in keys) == (True, False)
    assert browser.get(url("history", service) + "?show=nonsense").status_code == 404
    assert browser.get(url("history", service) + "?before=nonsense").status_code == 404
    lines = b"".join(browser.get(url("history-download", service) + "?show=api").streaming_content).decode()
    assert len(lines.splitlines()) == 2


def test_the_sign_in_method_is_shown_only_where_it_is_a_choice(service, browser, member):
    page = url("member-edit", service, user_id=member.pk)
    assert "How this person signs in" not in text_of(browser.get(page))
    browser.post(url("permission", service, permission="email_auth"), {"on": "yes"})
    assert "How this person signs in" in text_of(browser.get(page))
    browser.post(page, {"permissions": [VIEW_ACTIVITY], "sign_in_method": "email_auth"})
    assert User.objects.get(pk=member.pk).sign_in_method == "email_auth"


def test_links_of_addresses_that_changed_are_void(service, db):
    reply_to = WaitingReplyToFactory(service=service, email_address="a@b.gov.uk")
    token = token_for(reply_to, False)
    reply_to.email_address = "c@d.gov.uk"
    reply_to.save()
    assert Client().get(f"/confirm-reply-to/{token}").status_code == 404
