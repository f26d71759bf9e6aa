"""The rows of the settings page: who may change which, and what each refuses."""

from datetime import date
from unittest.mock import ANY

import pytest

from accounts.models import User
from audit.models import AuditEvent
from messaging.enums import Status
from notify.lib import clock
from notify.lib.ids import uuid7
from notify.lib.refusals import ActionRefused, PermissionRefused
from services.actions import settings
from services.models import Service, SmsSender
from services.permissions import MANAGE_SERVICE
from services.rules import daily_limit, retention_days
from tests.factories.accounts import UserFactory
from tests.factories.inbound import InboundNumberFactory
from tests.factories.notifications import StatDayFactory
from tests.factories.services import ServiceFactory, add_reply_to, join
from tests.helpers.cast import STAFF, TEAM, LiveServiceCast, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def live_manager(live_service):
    return join(live_service, UserFactory(), MANAGE_SERVICE)


def refusal(action, service, **words):
    """What an action says when it refuses; the service and the history are as before."""
    before, events = Service.objects.filter(pk=service.pk).values().get(), AuditEvent.objects.count()
    with pytest.raises(ActionRefused) as refused:
        action(service, **words)
    assert Service.objects.filter(pk=service.pk).values().get() == before
    assert AuditEvent.objects.count() == events
    return [reason.message for reason in refused.value.reasons]


def last_event():
    return AuditEvent.objects.order_by("-pk").first()


EVERYTHING = [
    (settings.rename, {"name": "New name"}),
    (settings.confirm_unique, {}),
    (settings.set_volumes, {"email": 1, "sms": 0, "letter": 0}),
    (settings.set_email_sender_name, {"name": "Bins"}),
    (settings.set_sms_prefix, {"on": True}),
    (settings.set_templates_need_approval, {"on": True}),
    (settings.set_contact_link, {"link": "https://example.gov.uk"}),
    (settings.set_contact_link_in_emails, {"on": False}),
    (settings.set_billing, {"billing_reference": "B1"}),
    (settings.set_permission, {"permission": "letter", "on": False}),
    (settings.set_international_limit, {"limit": 5}),
    (settings.start_receiving, {}),
]


@pytest.mark.parametrize(("action", "words"), EVERYTHING, ids=lambda value: getattr(value, "__name__", ""))
def test_managers_change_settings_and_others_do_not(action, words, service, manager, member, outsider):
    InboundNumberFactory(number="07700900501")
    for person in (member, outsider):
        with pytest.raises(PermissionRefused):
            action(service, by=person, **words)
    assert not AuditEvent.objects.filter(service_id=service.pk).exists()
    action(service, by=manager, **words)
    assert AuditEvent.objects.filter(service_id=service.pk).exists()


def test_a_change_to_the_same_value_is_no_change(service, manager):
    settings.set_sms_prefix(service, on=False, by=manager)
    settings.rename(service, name=service.name, by=manager)
    settings.set_permission(service, permission="sms", on=True, by=manager)
    assert not AuditEvent.objects.exists()


# --- Names ------------------------------------------------------------------------------------------------------------
def test_renaming_asks_for_a_new_confirmation(service, manager):
    settings.confirm_unique(service, by=manager)
    renamed = settings.rename(service, name="  Waste   days ", by=manager)
    assert (renamed.name, renamed.normalised_name, renamed.confirmed_unique) == ("Waste days", "waste.days", False)
    assert last_event().data == {"before": "Bin collections"}


def test_a_name_in_use_is_refused(service, manager):
    ServiceFactory(name="Taken")
    assert refusal(settings.rename, service, name="TAKEN", by=manager) == [
        "This service name is already in use – enter a unique name"
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a", "Sender name must include at least 2 letters or numbers"),
        ("me@example.gov.uk", "Sender name cannot be an email address"),
        ("No Reply", "Sender name needs to say who the email is from"),
        ("Support", "Sender name needs to say who the email is from"),
        ("x" * 144, "Sender name cannot be longer than 143 characters"),
    ],
)
def test_bad_sender_names(name, message, service, manager):
    assert refusal(settings.set_email_sender_name, service, name=name, by=manager) == [message]


def test_the_sender_name_decides_the_address_and_empty_means_the_services_name(service, manager):
    changed = settings.set_email_sender_name(service, name="Riverside Bins", by=manager)
    assert (changed.email_sender_local_part, changed.confirmed_email_sender_name) == ("riverside.bins", True)
    changed = settings.set_email_sender_name(service, name="", by=manager)
    assert (changed.email_sender_name, changed.email_sender_local_part) == ("", "")
    assert changed.confirmed_email_sender_name


# --- Volumes, contact, billing ----------------------------------------------------------------------------------------
def test_three_zeros_are_no_estimate(service, manager):
    assert refusal(settings.set_volumes, service, email=0, sms=0, letter=0, by=manager) == [
        "Enter the number of messages you expect to send in the next year"
    ]


@pytest.mark.parametrize("link", ["https://example.gov.uk/help", "help@example.gov.uk", "020 7946 0000", "111", ""])
def test_good_contact_links(link, service, manager):
    assert settings.set_contact_link(service, link=link, by=manager).contact_link == link


@pytest.mark.parametrize("link", ["javascript:alert(1)", "example", "12", "999", "ftp://example.gov.uk"])
def test_bad_contact_links(link, service, manager):
    assert refusal(settings.set_contact_link, service, link=link, by=manager) == [
        "Enter a web address starting with https://, an email address or a phone number"
    ]


def test_billing_addresses_are_addresses(service, manager):
    assert refusal(settings.set_billing, service, billing_contact_emails="a@b.gov.uk, nobody", by=manager) == [
        "‘nobody’ is not an email address"
    ]
    with pytest.raises(ValueError, match="notes"):
        settings.set_billing(service, notes="for staff", by=manager)


# --- Retention and limits ---------------------------------------------------------------------------------------------
def test_trial_services_keep_the_usual_retention(service, manager):
    assert refusal(settings.set_retention, service, channel="email", days=30, by=manager) == [
        "You can change this once your service is live"
    ]


@pytest.mark.parametrize("days", [3, 90])
def test_live_services_choose_per_channel(days, live_service, live_manager):
    changed = settings.set_retention(live_service, channel="sms", days=days, by=live_manager)
    assert [retention_days(changed, channel) for channel in ("email", "sms", "letter")] == [7, days, 7]


@pytest.mark.parametrize("days", [None, 2, 91, -1])
def test_retention_has_bounds(days, live_service, live_manager):
    assert refusal(settings.set_retention, live_service, channel="sms", days=days, by=live_manager) == [
        "Enter a number of days from 3 to 90"
    ]


def test_very_big_senders_have_to_ask(live_service, live_manager, staff):
    settings.set_volumes(live_service, email=999_999, sms=1, letter=0, by=live_manager)
    words = {"channel": "email", "days": 30}
    assert refusal(settings.set_retention, live_service, by=live_manager, **words) == [
        "Ask the platform’s staff: your service sends a great many messages"
    ]
    assert settings.set_retention(live_service, by=staff, **words).retention_days_email == 30


def test_what_was_sent_last_year_counts_too(live_service, live_manager):
    last_year = date(clock.financial_year(clock.local_day()) - 1, 6, 1)
    common = {"service_id": live_service.pk, "day": last_year, "template_id": uuid7(), "channel": "email"}
    StatDayFactory(**common, key_type="normal", status=Status.DELIVERED, count=1_000_000)
    assert len(refusal(settings.set_retention, live_service, channel="email", days=30, by=live_manager)) == 1


def test_the_international_limit_stays_within_the_limit_of_texts(service, manager):
    assert daily_limit(settings.set_international_limit(service, limit=0, by=manager), "international_sms") == 0
    assert refusal(settings.set_international_limit, service, limit=51, by=manager) == [
        "This cannot be more than your daily limit of text messages"
    ]
    assert daily_limit(settings.set_international_limit(service, limit=None, by=manager), "international_sms") == 10


# --- Channels and advanced permissions --------------------------------------------------------------------------------
def test_email_needs_a_reply_to_and_a_sender_name_before_it_is_switched_on(service, manager):
    settings.set_permission(service, permission="email", on=False, by=manager)
    assert refusal(settings.set_permission, service, permission="email", on=True, by=manager) == [
        "Add a reply-to email address first",
        "Choose a sender name first",
    ]
    add_reply_to(service)
    settings.set_email_sender_name(service, name="", by=manager)
    assert settings.set_permission(service, permission="email", on=True, by=manager).has_permission("email")


@pytest.mark.parametrize("permission", ["sms_to_uk_landlines", "inbound_sms"])
def test_some_permissions_are_for_staff(permission, service, manager, staff):
    with pytest.raises(PermissionRefused):
        settings.set_permission(service, permission=permission, on=True, by=manager)
    assert settings.set_permission(service, permission=permission, on=True, by=staff).has_permission(permission)


def test_a_permission_outside_the_list_is_refused(service, manager):
    assert refusal(settings.set_permission, service, permission="fly", on=True, by=manager) == ["There is no such permission"]


def test_signing_in_by_email_is_not_switched_off_under_somebody_without_a_number(service, manager, member):
    settings.set_permission(service, permission="email_auth", on=True, by=manager)
    User.objects.filter(pk=member.pk).update(sign_in_method="email_auth")
    assert refusal(settings.set_permission, service, permission="email_auth", on=False, by=manager) == [
        "Mel Member has no mobile number to get a code on"
    ]
    User.objects.filter(pk=member.pk).update(mobile_number="+447700900123")
    settings.set_permission(service, permission="email_auth", on=False, by=manager)
    assert User.objects.get(pk=member.pk).sign_in_method == "sms_auth"


# --- Receiving --------------------------------------------------------------------------------------------------------
def test_a_service_gets_the_next_free_number(service, manager):
    InboundNumberFactory(number="07700900502")
    InboundNumberFactory(number="07700900501")
    changed = settings.start_receiving(service, by=manager)
    assert changed.has_permission("inbound_sms")
    sender = SmsSender.objects.get(service=service, is_inbound_number=True)
    assert sender.name == "07700900501"
    assert refusal(settings.start_receiving, service, by=manager) == ["This service receives text messages already"]


def test_without_a_free_number_nothing_changes(service, manager):
    assert refusal(settings.start_receiving, service, by=manager) == [
        "No number is free at the moment: write to the platform’s support"
    ]


def test_receiving_needs_texts(service, manager):
    settings.set_permission(service, permission="sms", on=False, by=manager)
    assert refusal(settings.start_receiving, service, by=manager) == ["Switch text messages on first"]


# --- Who may, and what is written ---------------------------------------------------------------------------------
def number_is_free(cast):
    InboundNumberFactory(number="07700900501")
    return call(cast.service)


def without_texts(cast):
    cast.service.permissions = ["email"]
    cast.service.save()
    return number_is_free(cast)


VERBS = [
    Verb(
        settings.rename,
        lambda cast: call(cast.service, name="Parks"),
        TEAM,
        {"Service.name": "Parks", "Service.normalised_name": "parks", "history": ["service.renamed"]},
        refused={"Enter a service name": lambda cast: call(cast.service, name=" ")},
    ),
    Verb(
        settings.confirm_unique,
        lambda cast: call(cast.service),
        TEAM,
        {"Service.confirmed_unique": True, "history": ["service.setting_changed"]},
    ),
    Verb(
        settings.set_volumes,
        lambda cast: call(cast.service, email=1, sms=2, letter=3),
        TEAM,
        {
            "Service.volume_email": 1,
            "Service.volume_letter": 3,
            "Service.volume_sms": 2,
            "history": ["service.setting_changed"],
        },
        refused={
            "Enter the number of messages you expect to send in the next year": lambda cast: call(
                cast.service, email=0, sms=0, letter=0
            )
        },
    ),
    Verb(
        settings.set_email_sender_name,
        lambda cast: call(cast.service, name="Parks team"),
        TEAM,
        {
            "Service.confirmed_email_sender_name": True,
            "Service.email_sender_local_part": "parks.team",
            "Service.email_sender_name": "Parks team",
            "history": ["service.setting_changed"],
        },
        refused={"Sender name cannot be an email address": lambda cast: call(cast.service, name="a@b.gov.uk")},
    ),
    Verb(
        settings.set_sms_prefix,
        lambda cast: call(cast.service, on=True),
        TEAM,
        {"Service.prefix_sms": True, "history": ["service.setting_changed"]},
    ),
    Verb(
        settings.set_templates_need_approval,
        lambda cast: call(cast.service, on=True),
        TEAM,
        {"Service.templates_need_approval": True, "history": ["service.setting_changed"]},
    ),
    Verb(
        settings.set_contact_link,
        lambda cast: call(cast.service, link="https://parks.gov.uk"),
        TEAM,
        {"Service.contact_link": "https://parks.gov.uk", "history": ["service.setting_changed"]},
        refused={
            "Enter a web address starting with https://, an email address or a phone number": lambda cast: call(
                cast.service, link="999"
            )
        },
    ),
    Verb(
        settings.set_contact_link_in_emails,
        lambda cast: call(cast.service, on=False),
        TEAM,
        {"Service.contact_link_in_emails": False, "history": ["service.setting_changed"]},
    ),
    Verb(
        settings.set_permission,
        lambda cast: call(cast.service, permission="letter", on=False),
        TEAM,
        {
            "Service.permissions": [
                "email",
                "sms",
                "international_sms",
                "international_letters",
                "send_files_via_ui",
                "edit_folder_permissions",
            ],
            "history": ["service.permission_removed"],
        },
        refused={"There is no such permission": lambda cast: call(cast.service, permission="fly", on=True)},
    ),
    Verb(
        settings.set_permission,
        lambda cast: call(cast.service, permission="sms_to_uk_landlines", on=True),
        STAFF,
        {
            "Service.permissions": [
                "email",
                "sms",
                "letter",
                "international_sms",
                "international_letters",
                "send_files_via_ui",
                "edit_folder_permissions",
                "sms_to_uk_landlines",
            ],
            "history": ["service.permission_added"],
        },
        case="for-staff",
    ),
    Verb(
        settings.start_receiving,
        number_is_free,
        TEAM,
        {
            "+SmsSender": 1,
            "InboundNumber.service_id": ANY,
            "InboundNumber.sms_sender_id": ANY,
            "Service.permissions": [
                "email",
                "sms",
                "letter",
                "international_sms",
                "international_letters",
                "send_files_via_ui",
                "edit_folder_permissions",
                "inbound_sms",
            ],
            "SmsSender.is_default": False,
            "history": ["inbound_number.allocated", "service.permission_added"],
        },
        refused={"Switch text messages on first": without_texts},
    ),
    Verb(
        settings.set_billing,
        lambda cast: call(cast.service, purchase_order_number="PO 7"),
        TEAM,
        {"Service.purchase_order_number": "PO 7", "history": ["service.setting_changed"]},
        refused={"‘x’ is not an email address": lambda cast: call(cast.service, billing_contact_emails="x")},
    ),
    Verb(
        settings.set_international_limit,
        lambda cast: call(cast.service, limit=5),
        TEAM,
        {"Service.international_sms_limit_override": 5, "history": ["service.setting_changed"]},
        refused={
            "This cannot be more than your daily limit of text messages": lambda cast: call(cast.service, limit=1_000_000)
        },
    ),
]
LIVE_VERBS = [
    Verb(
        settings.set_retention,
        lambda cast: call(cast.service, channel="sms", days=30),
        TEAM,
        {"Service.retention_days_sms": 30, "history": ["service.setting_changed"]},
        refused={
            "Enter a number of days from 3 to 90": lambda cast: call(cast.service, channel="sms", days=2),
            "There is no such channel": lambda cast: call(cast.service, channel="fax", days=30),
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
(test_allowed_live, test_forbidden_live, test_refused_live, test_atomic_live) = suite_of(LiveServiceCast, LIVE_VERBS)


def test_set_up_tasks_of_email_are_a_reply_to_address_and_a_sender_name(service):
    assert [reason.code for reason in settings.set_up_tasks(service, "email", on=True)] == ["reply_to", "sender_name"]
    add_reply_to(service)
    service.confirmed_email_sender_name = True
    assert settings.set_up_tasks(service, "email", on=True) == []
