import pytest

from messaging.message_templates.models import MessageTemplate
from messaging.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.services import LiveServiceFactory, ServiceFactory, join

pytestmark = pytest.mark.django_db

ADDRESS = "Sam Poe\n1 High St\nSW1A 1AA"


def letter_of(service):
    return TemplateFactory(
        service=service, channel="letter", words={"subject": "Your bin", "body": "Dear ((name))", "postage": "second"}
    )


def sender_of(client_for, service):
    return client_for(join(service, UserFactory(), "send_messages", "view_activity", "manage_templates"))


def post(client, template, **fields):
    url = f"/services/{template.service_id}/send/{template.pk}/one-letter"
    return client.post(url, {"address": ADDRESS, "value_0": "Sam"} | fields)


def test_letter_is_looked_at_on_paper_before_it_is_sent(client_for):
    template = letter_of(LiveServiceFactory())
    client = sender_of(client_for, template.service)
    html = post(client, template).content.decode()
    assert "data:image/png;base64," in html
    assert "Send 1 letter" in html
    assert Notification.objects.count() == 0
    page = post(client, template, confirm="yes")
    sent = Notification.objects.get()
    assert page["Location"] == f"/services/{template.service_id}/notification/{sent.pk}"
    assert (sent.channel, sent.postage) == ("letter", "second")
    assert client.get(f"/services/{template.service_id}/notification/{sent.pk}.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"address": "Sam\nSW1A 1AA"}, "Address must be at least 3 lines"),
        ({"address": "Sam\n1 High St\nNowhere"}, "Last line of address must be a real UK postcode or another country"),
        ({"value_0": ""}, "Enter a value for ‘name’"),
    ],
)
def test_mistakes_in_a_letter_are_told_beside_their_field(client_for, fields, message):
    template = letter_of(LiveServiceFactory())
    page = post(sender_of(client_for, template.service), template, confirm="yes", **fields)
    assert page.status_code == 200
    assert message in page.content.decode()
    assert Notification.objects.count() == 0


def test_trial_service_sees_the_letter_and_cannot_send_it_by_a_crafted_post(client_for):
    template = letter_of(ServiceFactory())
    client = sender_of(client_for, template.service)
    assert "you cannot send this letter yet" in post(client, template).content.decode()
    assert "Cannot send letters when service is in trial mode" in post(client, template, confirm="yes").content.decode()
    assert Notification.objects.count() == 0


def test_template_is_shown_on_paper(client_for):
    template = letter_of(LiveServiceFactory())
    client = sender_of(client_for, template.service)
    page = client.get(f"/services/{template.service_id}/templates/{template.pk}.pdf")
    assert page.content.startswith(b"%PDF")
    text = TemplateFactory(service=template.service)
    assert client.get(f"/services/{template.service_id}/templates/{text.pk}.pdf").status_code == 404


def test_letter_in_two_languages_needs_both(client_for):
    service = LiveServiceFactory()
    client = sender_of(client_for, service)
    words = {"name": "Bin", "subject": "Your bin", "body": "Dear ((name))", "letter_languages": "welsh_then_english"}
    refused = client.post(f"/services/{service.pk}/templates/add-letter", words)
    assert "Enter the message in Welsh" in refused.content.decode()
    client.post(
        f"/services/{service.pk}/templates/add-letter", words | {"welsh_subject": "Eich bin", "welsh_body": "Annwyl ((name))"}
    )
    version = MessageTemplate.objects.get().versions.get()
    assert (version.welsh_subject, version.letter_languages) == ("Eich bin", "welsh_then_english")


def test_template_is_copied_from_another_service_of_the_person(client_for):
    service, other = LiveServiceFactory(), LiveServiceFactory(name="Elsewhere")
    person = join(service, UserFactory(), "manage_templates")
    source = TemplateFactory(service=other, name="Reminder")
    client = client_for(person)
    url = f"/services/{service.pk}/templates/copy"
    assert client.post(url, {"template": str(source.pk)}).status_code == 404
    join(other, person, "view_activity")
    assert "Reminder" in client.get(url).content.decode()
    client.post(url, {"template": str(source.pk)})
    assert MessageTemplate.objects.get(service=service).name == "Copy of ‘Reminder’"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"suspended_at": "2026-01-01T00:00:00Z"}, "Service is suspended and cannot send messages"),
        ({"letter_limit_override": 0}, "You have reached your daily limit"),
    ],
)
@pytest.mark.parametrize("step", [{}, {"confirm": "yes"}], ids=["preview", "send"])
def test_the_preview_of_a_letter_refuses_what_the_send_would_refuse(client_for, fields, message, step):
    service = LiveServiceFactory(**fields)
    html = post(sender_of(client_for, service), letter_of(service), **step).content.decode()
    assert message in html
