from decimal import Decimal

import pytest

from messaging.enums import Status
from messaging.notifications.actions import accept as actions
from messaging.notifications.actions.checks import MessageRequest, SendContext
from messaging.notifications.enums import Lane
from messaging.notifications.models import Notification, NotificationContent, SendQueue, StatDelta, UsageCounter
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import read_recipient, recipient_hash
from notify.lib import clock
from notify.lib.api.exception_handler import api_error
from notify.lib.crypto import decrypt_json
from notify.lib.ids import uuid7
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import SuppressionFactory, send_one
from tests.factories.services import GuestListEntryFactory, LiveServiceFactory, ServiceFactory
from tests.helpers.snapshot import snapshot

pytestmark = pytest.mark.django_db


def refusal(**fields):
    with pytest.raises(MessageRefused) as caught:
        send_one(**fields)
    return caught.value


def words(**fields):
    """What the API says of the refusal."""
    return api_error(refusal(**fields)).errors[0]["message"]


def test_accepted_text_is_stored_sealed_queued_counted_and_taken_off_the_allowance():
    service = LiveServiceFactory()
    accepted = send_one(service, reference="r-1")

    notification = Notification.objects.get(pk=accepted.id)
    assert (notification.service_id, notification.channel, notification.state) == (service.pk, "sms", Status.CREATED)
    assert (notification.client_reference, notification.lane, notification.international) == ("r-1", Lane.NORMAL, False)
    sealed = NotificationContent.objects.get(pk=accepted.id).sealed
    assert b"07700900123" not in bytes(sealed)
    content = decrypt_json(sealed)
    assert (content["to"], content["normalised"], content["sender"]) == ("07700900123", "+447700900123", "GOVUK")
    assert content["personalisation"] == {"name": "Sam"}
    assert SendQueue.objects.get().pk == accepted.id
    assert [(d.status, d.count) for d in StatDelta.objects.all()] == [(Status.CREATED, 1)]
    assert UsageCounter.objects.get(service_id=service.pk, channel="sms").used == 1
    assert (accepted.body, accepted.subject, accepted.sender) == ("Hi Sam", None, "GOVUK")


def test_refused_message_stores_nothing_and_takes_nothing_off_the_allowance():
    service = LiveServiceFactory()
    assert words(service=service, personalisation={}) == "Missing personalisation: name"
    assert Notification.objects.count() == SendQueue.objects.count() == UsageCounter.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"recipient": "123"}, "phone_number Mobile number is too short"),
        ({"recipient": "020 7946 0123"}, "Not a UK mobile number"),
        (
            {"personalisation": {"name": "x" * 1000}},
            "Your message is too long. Text messages cannot be longer than 918 characters. "  # noqa: ISC004
            "Your message is 1003 characters long.",
        ),
        ({"channel": "email"}, "sms template is not suitable for email notification"),
    ],
)  # fmt: skip
def test_bad_requests_are_refused_in_the_words_of_the_contract(fields, message):
    assert words(service=LiveServiceFactory(), **fields) == message


def test_channel_that_is_off_is_refused():
    service = LiveServiceFactory(permissions=["email"])
    assert words(service=service) == "Service is not allowed to send text messages"


def test_trial_service_reaches_its_guest_list_by_key_but_not_from_the_web():
    service = ServiceFactory()
    GuestListEntryFactory(service=service, kind="phone", recipient="07700900123", normalised="+447700900123")
    assert send_one(service).id
    assert refusal(service=service, guest_list=False).code == "trial_mode"


def test_trial_service_cannot_reach_a_stranger(service):
    assert refusal(service=service, recipient="07700900999").code == "trial_mode"


def test_team_key_cannot_reach_a_stranger_although_the_service_is_live():
    assert refusal(service=LiveServiceFactory(), key_type="team").code == "team_only"


def test_test_key_reaches_anybody_and_is_never_counted(service):
    accepted = send_one(service, key_type="test")
    assert Notification.objects.get(pk=accepted.id).lane == Lane.TEST
    assert UsageCounter.objects.count() == 0


def test_text_abroad_needs_the_permission_and_counts_against_both_limits():
    allowed, forbidden = LiveServiceFactory(), LiveServiceFactory(permissions=["sms"])
    assert words(service=forbidden, recipient="+33 6 12 34 56 78") == "Cannot send to international mobile numbers"
    accepted = send_one(allowed, recipient="+33 6 12 34 56 78")
    notification = Notification.objects.get(pk=accepted.id)
    assert notification.international
    assert notification.rate_multiplier > Decimal(1)
    used = UsageCounter.objects.filter(service_id=allowed.pk).order_by("channel").values_list("channel", "used")
    assert list(used) == [("international_sms", 1), ("sms", 1)]


def test_simulated_number_is_answered_and_not_stored():
    accepted = send_one(LiveServiceFactory(), recipient="07700 900000")
    assert accepted.simulated
    assert Notification.objects.count() == 0


def test_suppressed_recipient_is_refused():
    service = LiveServiceFactory()
    SuppressionFactory(
        service=service, channel="sms", recipient="+447700900123", recipient_hash=recipient_hash("+447700900123"), reason="stop"
    )
    assert refusal(service=service).code == "suppressed"


def test_another_services_sender_is_refused():
    service, other = LiveServiceFactory(), LiveServiceFactory()
    sender = other.sms_senders.get()
    assert words(service=service, sms_sender_id=sender.pk) == (
        f"sms_sender_id {sender.pk} does not exist in database for service id {service.pk}"
    )


def test_suspended_service_is_refused():
    service = LiveServiceFactory(suspended_at="2026-01-01T00:00:00Z")
    assert api_error(refusal(service=service)).status_code == 403


def test_urgent_template_takes_the_urgent_lane():
    service = LiveServiceFactory()
    accepted = send_one(service, TemplateFactory(service=service, is_urgent=True))
    assert Notification.objects.get(pk=accepted.id).lane == Lane.URGENT


def test_sms_over_the_daily_limit_is_refused_with_429():
    service = LiveServiceFactory(sms_limit_override=1)
    send_one(service)
    refused = api_error(refusal(service=service))
    assert (refused.status_code, refused.errors) == (
        429,
        [{"error": "TooManyRequestsError", "message": "Exceeded send limits (sms: 1) for today"}],
    )
    assert Notification.objects.count() == 1


def request(service=None, recipient="07700900123", **fields):
    template = TemplateFactory(service=service or LiveServiceFactory(name="Bin collections"))
    values = {"channel": "sms", "recipient": read_recipient("sms", recipient), "personalisation": {"name": "Sam"}}
    return MessageRequest(service=template.service, template=(template, template.versions.get()), **(values | fields))


def test_checking_writes_nothing_and_gives_the_words():
    asked = request()
    before = snapshot()
    checked = actions.preview(asked)
    assert (*checked.rendered, checked.sender, snapshot()) == ("Hi Sam", None, "GOVUK", before)


@pytest.mark.parametrize(
    ("limits", "recipient"),
    [({"sms_limit_override": 0}, "07700900123"), ({"international_sms_limit_override": 0}, "+33 6 12 34 56 78")],
)
def test_checking_refuses_what_is_over_the_days_limits(limits, recipient):
    asked = request(LiveServiceFactory(**limits), recipient)
    with pytest.raises(MessageRefused) as refused:
        actions.preview(asked)
    assert refused.value.code == "daily_limit"
    assert actions.preview(request(recipient=recipient)).recipient == asked.recipient


@pytest.mark.parametrize(
    ("urgent", "key_type", "lane"),
    [(False, "normal", Lane.NORMAL), (True, "team", Lane.URGENT), (True, "test", Lane.TEST)],
)
def test_lanes(urgent, key_type, lane):
    assert actions.lane_for(TemplateFactory(is_urgent=urgent), key_type) == lane


def test_a_new_message_is_what_was_asked_for_and_its_content_is_left_to_be_sealed():
    checked = SendContext(request(reference="r", unsubscribe_url="https://x.example/u", formatted=["name"]))
    message = actions.new_message(checked, uuid7(), clock.now(), lane=Lane.BULK)
    assert (message.client_reference, message.lane, message.template_version) == ("r", Lane.BULK, 1)
    assert message.content == actions.sealed_content(
        checked.recipient, {"name": "Sam"}, "GOVUK", "https://x.example/u", ["name"]
    )
    assert message.content == {
        "to": "07700900123",
        "normalised": "+447700900123",
        "personalisation": {"name": "Sam"},
        "sender": "GOVUK",
        "unsubscribe_url": "https://x.example/u",
        "formatted": ["name"],
    }


def test_emails_come_from_the_services_name_or_the_one_it_chose(settings):
    settings.EMAIL_DOMAIN = "notify.example"
    assert actions.email_address_of(LiveServiceFactory(name="Bin days")) == "bin.days@notify.example"
    chosen = LiveServiceFactory(name="Bin days 2", email_sender_local_part="bins")
    assert actions.email_address_of(chosen) == "bins@notify.example"


def test_a_simulated_recipient_stores_nothing():
    simulated = actions.accept(request(recipient="07700900000"))
    assert (simulated.simulated, simulated.left_today, Notification.objects.count()) == (True, None, 0)
