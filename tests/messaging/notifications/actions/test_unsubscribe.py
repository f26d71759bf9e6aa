"""A recipient's wish to get no more emails."""

import pytest
from django.db import connection

from messaging.notifications.actions.unsubscribe import unsubscribe
from messaging.notifications.models import Notification, NotificationContent, Suppression, UnsubscribeRequest
from messaging.notifications.rules.recipients import recipient_hash
from notify.lib.ids import uuid7
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import NotificationFactory, SuppressionFactory
from tests.helpers.snapshot import snapshot
from tests.helpers.verbs import Interrupted, Interruption

pytestmark = pytest.mark.django_db
ADDRESS = "sam@example.com"


@pytest.fixture
def email():
    content = {"to": ADDRESS, "normalised": ADDRESS}
    return NotificationFactory(
        template=TemplateFactory(channel="email"), content=content, recipient_hash=recipient_hash(ADDRESS)
    )


def test_the_wish_is_noted_and_the_address_not_written_to_any_more(email):
    wish = unsubscribe(email.pk)
    assert (wish.service_id, wish.template_id, wish.email_address) == (email.service_id, email.template_id, ADDRESS)
    found = Suppression.objects.get()
    assert (found.service_id, found.channel, found.recipient, found.reason, found.notification_id) == (
        email.service_id,
        "email",
        ADDRESS,
        "unsubscribe",
        email.pk,
    )


def test_asking_twice_changes_nothing_more(email):
    first = unsubscribe(email.pk)
    before = snapshot()
    assert unsubscribe(email.pk) == first
    assert snapshot() == before


def test_who_is_on_the_list_stays_on_it_for_the_reason_of_before(email):
    SuppressionFactory(service=email.service, recipient=ADDRESS)
    unsubscribe(email.pk)
    assert Suppression.objects.get().reason == "manual"


def test_only_emails_that_are_kept_can_be_unsubscribed_from(email):
    text = NotificationFactory()
    NotificationContent.objects.filter(pk=email.pk).delete()
    for notification_id in (email.pk, text.pk, uuid7()):
        with pytest.raises(Notification.DoesNotExist):
            unsubscribe(notification_id)
    assert not UnsubscribeRequest.objects.exists()


def test_half_a_wish_never_stays(email):
    before = snapshot()
    for number in (1, 2):
        with pytest.raises(Interrupted), connection.execute_wrapper(Interruption(after=number)):
            unsubscribe(email.pk)
        assert snapshot() == before
