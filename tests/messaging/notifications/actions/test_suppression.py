"""The list of people a service does not contact, and requests to unsubscribe."""

from datetime import timedelta
from unittest.mock import ANY

import pytest

from audit.models import AuditEvent
from messaging.notifications.actions import suppression
from messaging.notifications.models import Suppression
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import read_recipient
from messaging.notifications.rules.sending import check_suppression
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.factories.notifications import SuppressionFactory, UnsubscribeRequestFactory
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def test_a_person_on_the_list_is_not_written_to(service, manager):
    suppression.add(service, channel="email", recipient=" Sam@Example.com ", by=manager)
    with pytest.raises(MessageRefused, match="not to contact"):
        check_suppression(service, read_recipient("email", "SAM@example.com"))
    check_suppression(service, read_recipient("email", "other@example.com"))
    with pytest.raises(ActionRefused, match="on the list already"):
        suppression.add(service, channel="email", recipient="sam@example.com", by=manager)


@pytest.mark.parametrize(("channel", "recipient"), [("email", "nobody"), ("sms", "123"), ("letter", "a@b.com"), ("", "")])
def test_a_bad_recipient_is_refused(service, manager, channel, recipient):
    with pytest.raises(ActionRefused):
        suppression.add(service, channel=channel, recipient=recipient, by=manager)


def test_members_who_only_look_change_nothing(service, manager, member):
    one = suppression.add(service, channel="email", recipient="sam@example.com", by=manager)
    for attempt in (
        lambda: suppression.add(service, channel="email", recipient="kim@example.com", by=member),
        lambda: suppression.import_recipients(service, channel="email", recipients=["kim@example.com"], by=member),
        lambda: suppression.remove(one, by=member),
    ):
        with pytest.raises(PermissionRefused):
            attempt()
    assert Suppression.objects.get() == one


def test_a_list_is_imported_whole_or_not_at_all(service, manager):
    suppression.add(service, channel="sms", recipient="07700900001", by=manager)
    with pytest.raises(ActionRefused) as caught:
        suppression.import_recipients(service, channel="sms", recipients=["07700900002", "x", "y"], by=manager)
    assert [str(reason) for reason in caught.value.reasons] == [
        "Line 2: ‘x’ is not a phone number", "Line 3: ‘y’ is not a phone number",
    ]  # fmt: skip
    assert Suppression.objects.count() == 1
    wanted = ["07700900001", "+447700900002", "07700 900 002", "", "07700900003"]
    assert suppression.import_recipients(service, channel="sms", recipients=wanted, by=manager) == 2
    assert AuditEvent.objects.get(name="suppression.imported").data == {"count": 2, "channel": "sms"}
    with pytest.raises(ActionRefused):
        suppression.import_recipients(service, channel="sms", recipients=["1"] * 10_001, by=manager)


def test_requests_are_dealt_with_up_to_a_moment_once(service, member):
    UnsubscribeRequestFactory(service=service)
    UnsubscribeRequestFactory()
    moment = clock.now()
    later = UnsubscribeRequestFactory(service=service)
    assert suppression.mark_processed(service, until=moment, by=member) == 1
    assert suppression.mark_processed(service, until=moment, by=member) == 0
    later.refresh_from_db()
    assert later.processed_at is None
    assert AuditEvent.objects.get().data == {"count": 1}


# --- Who may, and what is written ---------------------------------------------------------------------------------
def adding(cast, **fields):
    return call(cast.service, **({"channel": "email", "recipient": "sam@example.com"} | fields))


def importing(cast, **fields):
    return call(cast.service, **({"channel": "sms", "recipients": ["07700900001", "07700900002"]} | fields))


def listed(cast):
    return SuppressionFactory(service=cast.service, recipient="sam@example.com")


def asked(cast):
    UnsubscribeRequestFactory(service=cast.service)
    return call(cast.service, until=clock.now() + timedelta(minutes=1))


VERBS = [
    Verb(
        suppression.add,
        adding,
        TEAM,
        {"+Suppression": 1, "history": ["suppression.added"]},
        refused={
            "Select email or text message": lambda cast: adding(cast, channel="letter"),
            "Enter an email address in the correct format": lambda cast: adding(cast, recipient="sam"),
            "This person is on the list already": lambda cast: adding(cast, recipient=listed(cast).recipient),
        },
    ),
    Verb(
        suppression.remove,
        lambda cast: call(listed(cast)),
        TEAM,
        {"-Suppression": 1, "history": ["suppression.removed"]},
    ),
    Verb(
        suppression.import_recipients,
        importing,
        TEAM,
        {"+Suppression": 2, "history": ["suppression.imported"]},
        refused={
            "The file has no recipients": lambda cast: importing(cast, recipients=[" "]),
            "Import 10,000 recipients at once at most": lambda cast: importing(cast, recipients=["1"] * 10_001),
            "Line 2: ‘x’ is not a phone number": lambda cast: importing(cast, recipients=["07700900001", "x"]),
        },
    ),
    Verb(
        suppression.mark_processed,
        asked,
        (*TEAM, "member"),
        {
            "UnsubscribeRequest.processed_at": ANY,
            "UnsubscribeRequest.processed_by_id": ANY,
            "history": ["unsubscribe_requests.processed"],
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
