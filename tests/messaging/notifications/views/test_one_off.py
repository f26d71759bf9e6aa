import pytest

from messaging.notifications.models import Notification
from services.models import Service
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.services import LiveServiceFactory, ServiceFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return LiveServiceFactory()


@pytest.fixture
def template(service):
    return TemplateFactory(service=service)


@pytest.fixture
def client(client_for, service):
    return client_for(join(service, UserFactory(mobile_number="+447700900001"), "send_messages", "view_activity"))


def post(client, template, **fields):
    url = f"/services/{template.service_id}/send/{template.pk}/one-off"
    return client.post(url, {"recipient": "07700900123", "value_0": "Sam"} | fields)


def test_first_post_shows_the_message_and_sends_nothing(client, template):
    html = post(client, template).content.decode()
    assert "Hi Sam" in html
    assert "This counts as 1 text message" in html
    assert Notification.objects.count() == 0


def test_confirmed_post_sends_and_shows_the_message(client, template):
    page = post(client, template, confirm="yes")
    notification = Notification.objects.get()
    assert page["Location"] == f"/services/{template.service_id}/notification/{notification.pk}"
    html = client.get(page["Location"]).content.decode()
    assert "Hi Sam" in html
    assert "07700900123" in html


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"recipient": ""}, "Mobile number is too short"),
        ({"recipient": "hello"}, "Mobile numbers can only include"),
        ({"value_0": ""}, "Enter a value for ‘name’"),
        ({"recipient": "020 7946 0123"}, "cannot send text messages to UK landlines"),
    ],
)
def test_mistakes_are_told_on_the_page_and_nothing_is_sent(client, template, fields, message):
    page = post(client, template, confirm="yes", **fields)
    assert page.status_code == 200
    assert Notification.objects.count() == 0
    assert message in page.content.decode()


def test_trial_service_cannot_send_to_a_stranger_by_a_crafted_post(client_for):
    service = ServiceFactory()
    template = TemplateFactory(service=service)
    client = client_for(join(service, UserFactory(), "send_messages"))
    page = post(client, template, confirm="yes")
    assert "In trial mode you can only send to yourself and your team" in page.content.decode()
    assert Notification.objects.count() == 0


def test_another_services_sender_is_refused(client, template):
    other = LiveServiceFactory().sms_senders.get()
    template.service.sms_senders.create(name="SECOND")
    page = post(client, template, confirm="yes", sender=str(other.pk))
    assert page.status_code == 200
    assert Notification.objects.count() == 0


def test_member_who_may_not_send_is_refused(client_for, template):
    looker = join(template.service, UserFactory(), "view_activity")
    assert post(client_for(looker), template).status_code == 403


def suspend(template):
    Service.objects.filter(pk=template.service_id).update(suspended_at="2026-01-01T00:00:00Z")


def use_up_the_day(template):
    Service.objects.filter(pk=template.service_id).update(sms_limit_override=0)


def make_it_long(template):
    template.versions.update(body="((name))" + "x" * 918)


def switch_texts_off(template):
    Service.objects.filter(pk=template.service_id).update(permissions=["email"])


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (suspend, "Service is suspended and cannot send messages"),
        (use_up_the_day, "You have reached your daily limit"),
        (make_it_long, "Your message is too long. Text messages cannot be longer than 918 characters"),
        (switch_texts_off, "Service is not allowed to send text messages"),
    ],
)
@pytest.mark.parametrize("step", [{}, {"confirm": "yes"}], ids=["preview", "send"])
def test_the_preview_refuses_what_the_send_would_refuse(client, template, prepare, message, step):
    prepare(template)
    html = post(client, template, **step).content.decode()
    assert message in html
    assert "This counts as" not in html
    assert Notification.objects.count() == 0


def test_the_preview_refuses_a_text_abroad_over_its_own_limit(client, template):
    Service.objects.filter(pk=template.service_id).update(international_sms_limit_override=0)
    assert "You have reached your daily limit" in post(client, template, recipient="+33 6 12 34 56 78").content.decode()
