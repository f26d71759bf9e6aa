"""Sending a failed message once more."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from messaging.enums import Status
from messaging.notifications.actions.resend import may_resend, request_again, resend, resent_as
from messaging.notifications.models import Notification
from notify.lib.refusals import ActionRefused
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import NotificationFactory
from tests.factories.services import LiveServiceFactory, join
from tests.helpers.cast import LiveServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def failed(service, **fields):
    values = {"status": Status.PERMANENT_FAILURE, "content": {"sender": "GOVUK"}}
    return NotificationFactory(template=TemplateFactory(service=service), **(values | fields))


@pytest.mark.parametrize(
    ("fields", "may"),
    [
        ({}, True),
        ({"status": Status.TEMPORARY_FAILURE}, True),
        ({"status": Status.TECHNICAL_FAILURE}, True),
        ({"status": Status.VALIDATION_FAILED}, False),
        ({"status": Status.DELIVERED}, False),
        ({"channel": "letter"}, False),
        ({"key_type": "test"}, False),
    ],
)
def test_what_another_try_may_mend(fields, may):
    assert may_resend(failed(LiveServiceFactory(), **fields)) is may


def test_a_message_names_the_one_that_took_its_place():
    service = LiveServiceFactory()
    first = failed(service)
    assert resent_as(first) is None
    sender = join(service, UserFactory(), "send_messages")
    assert resend(service, first, by=sender).id == resent_as(first)


def test_the_senders_of_before_are_used_while_they_exist():
    service = LiveServiceFactory()
    service.sms_senders.create(name="BINS")
    sender = join(service, UserFactory(), "send_messages")
    for name, expected in (("BINS", "BINS"), ("GONE", "GOVUK")):
        assert resend(service, failed(service, content={"sender": name}), by=sender).sender == expected


def test_the_request_has_all_that_the_first_message_was_made_of():
    service, sender = LiveServiceFactory(), UserFactory()
    content = {"sender": "bins@town.gov.uk", "to": "Sam@example.com", "unsubscribe_url": "https://x.example/u"}
    template = TemplateFactory(service=service, channel="email")
    first = NotificationFactory(
        template=template, key_type="team", client_reference="r", content=content | {"formatted": ["name"]}
    )
    reply_to = service.reply_to_addresses.create(email_address="bins@town.gov.uk")
    again = request_again(service, first, by=sender)
    assert (again.template, again.channel, again.recipient.raw) == (
        (template, template.versions.get()),
        "email",
        "Sam@example.com",
    )
    assert (again.personalisation, again.formatted) == ({"name": "Sam"}, ["name"])
    assert (again.email_reply_to_id, again.sms_sender_id, again.unsubscribe_url) == (reply_to.pk, None, "https://x.example/u")
    assert (again.by_id, again.reference, again.key_type, again.guest_list) == (sender.pk, "r", "team", True)


@pytest.mark.parametrize(
    "given", [{}, {"archived_at": "2026-01-01T00:00:00Z"}, {"verification_sent_at": "2026-01-01T00:00:00Z"}]
)
def test_an_address_that_cannot_be_used_any_more_is_left_to_the_default_one(given):
    service = LiveServiceFactory()
    if given:
        service.reply_to_addresses.create(email_address="bins@town.gov.uk", **given)
    content = {"sender": "bins@town.gov.uk", "to": "sam@example.com"}
    first = NotificationFactory(template=TemplateFactory(service=service, channel="email"), content=content)
    assert request_again(service, first, by=UserFactory()).email_reply_to_id is None


@pytest.mark.django_db(transaction=True)
def test_of_clicks_at_one_moment_only_the_first_sends():
    service = LiveServiceFactory()
    sender = join(service, UserFactory(), "send_messages")
    first = failed(service)

    def click(_):
        try:
            return bool(resend(service, first, by=sender))
        except ActionRefused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(click, range(4))) == [False, False, False, True]
    assert Notification.objects.count() == 2


# --- Who may, and what is written ---------------------------------------------------------------------------------
def resending(cast, **fields):
    return call(cast.service, failed(cast.service, **fields))


def sent_again(cast):
    given = resending(cast)
    resend(*given.args, by=cast.manager)
    return given


VERBS = [
    Verb(
        resend,
        resending,
        # Only people press the button; messages name the person.
        ("manager", "staff", "superuser"),
        {
            "+Notification": 1,
            "+NotificationContent": 1,
            "+SendQueue": 1,
            "+StatDelta": 1,
            "+UsageCounter": 1,
            "history": ["notification.resent"],
        },
        left_out=("key", "system"),
        refused={
            "Only an email or text message that failed can be sent again": lambda cast: resending(cast, status=Status.SENDING),
            "This message was sent again already": sent_again,
            "Your service cannot send text messages to UK landlines": lambda cast: resending(
                cast, content={"to": "020 7946 0123", "sender": ""}
            ),
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(LiveServiceCast, VERBS)
