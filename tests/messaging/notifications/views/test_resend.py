import pytest

from audit.models import AuditEvent
from messaging.enums import Status
from messaging.notifications.actions import suppression
from messaging.notifications.actions.status import Move, move
from messaging.notifications.models import Notification, NotificationContent
from notify.lib.crypto import decrypt_json
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import send_one
from tests.factories.services import LiveServiceFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return LiveServiceFactory()


@pytest.fixture
def sender(service):
    return join(service, UserFactory(), "view_activity", "send_messages")


def failed(service, status=Status.PERMANENT_FAILURE, **fields):
    accepted = send_one(service, **fields)
    move([Move(accepted.id, status)])
    return accepted


def again(service, accepted):
    return f"/services/{service.pk}/notification/{accepted.id}/send-again"


def test_a_failed_message_is_sent_again_as_a_new_one(service, sender, client_for):
    first = failed(service, reference="our-ref")
    client = client_for(sender)
    assert "Send it again" in client.get(f"/services/{service.pk}/notification/{first.id}").content.decode()
    assert client.get(again(service, first)).status_code == 200
    page = client.post(again(service, first), follow=True)
    second = Notification.objects.exclude(pk=first.id).get()
    assert page.redirect_chain == [(f"/services/{service.pk}/notification/{second.pk}", 302)]
    assert (second.state, second.client_reference, second.created_by_id) == (Status.CREATED, "our-ref", sender.pk)
    contents = [decrypt_json(bytes(each.sealed)) for each in NotificationContent.objects.all()]
    assert contents[0] == contents[1]
    event = AuditEvent.objects.get(name="notification.resent")
    assert (event.subject_id, event.data) == (str(first.id), {"as": str(second.pk)})


def test_a_second_click_sends_nothing_more(service, sender, client_for):
    first = failed(service)
    client = client_for(sender)
    client.post(again(service, first))
    assert "sent again already" in client.post(again(service, first)).content.decode()
    assert Notification.objects.count() == 2
    assert "It was sent again as" in client.get(f"/services/{service.pk}/notification/{first.id}").content.decode()


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.SENDING, Status.CANCELLED])
def test_only_what_failed_is_sent_again(service, sender, client_for, status):
    accepted = failed(service, status)
    assert client_for(sender).post(again(service, accepted)).status_code == 404


def test_the_list_of_people_not_to_contact_counts_here_too(service, sender, client_for, manager):
    template = TemplateFactory(service=service, channel="email")
    first = failed(service, template=template)
    suppression.add(service, channel="email", recipient="sam@example.com", by=manager)
    assert "not to contact" in client_for(sender).post(again(service, first)).content.decode()
    assert Notification.objects.count() == 1


def test_who_may_send_again(service, client_for):
    first = failed(service)
    only_looks = join(service, UserFactory(), "view_activity")
    assert client_for(only_looks).post(again(service, first)).status_code == 403
    assert client_for(UserFactory()).post(again(service, first)).status_code == 404
    other = LiveServiceFactory()
    assert client_for(join(other, UserFactory(), "send_messages")).post(again(other, first)).status_code == 404
