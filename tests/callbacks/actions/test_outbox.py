import pytest
from django.db import transaction

from callbacks.actions import outbox
from callbacks.enums import DeliveryState, OffReason
from callbacks.models import CallbackDelivery
from messaging.enums import Status
from messaging.inbound.models import ReceivedText
from messaging.inbound.signals import text_received
from messaging.letters.models import ReturnedLetter
from messaging.letters.signals import letters_returned
from messaging.notifications.signals import notifications_changed
from notify.lib import clock
from notify.lib.ids import uuid7
from tests.factories.accounts import UserFactory
from tests.factories.inbound import ReceivedTextFactory
from tests.factories.jobs import JobFactory
from tests.factories.letters import ReturnedLetterFactory
from tests.factories.notifications import NotificationFactory
from tests.helpers.api import make_key, make_service, make_template
from tests.helpers.callbacks import make_change, make_endpoint


def test_a_delivered_message_is_written_for_the_endpoint_in_the_contracts_shape(service, endpoint):
    change = make_change(service, to=" 07700 900123 ")
    notifications_changed.send(sender=None, changes=[change])
    row = CallbackDelivery.objects.get()
    assert list(row.body.items()) == [
        ("id", str(change.notification_id)),
        ("reference", "case-1"),
        ("to", "07700 900123"),
        ("status", "delivered"),
        ("created_at", "2026-05-17T15:58:38.342838Z"),
        ("completed_at", "2026-05-17T15:58:38.342838Z"),
        ("sent_at", "2026-05-17T15:58:38.342838Z"),
        ("notification_type", "sms"),
        ("template_id", str(change.template_id)),
        ("template_version", 3),
    ]
    assert (row.endpoint, row.state, row.attempts, row.reference) == (endpoint, DeliveryState.WAITING, 0, "case-1")


@pytest.mark.parametrize(
    "fields",
    [
        {"channel": "letter"},
        {"old": Status.CREATED, "new": Status.SENDING},
        {"new": Status.SENT},
        {"new": Status.PENDING},
        {"old": Status.CREATED, "new": Status.TECHNICAL_FAILURE},
        {"new": Status.CANCELLED},
    ],
)
def test_what_the_contract_leaves_out_is_not_written(service, endpoint, fields):
    assert outbox.tell_statuses([make_change(service, **fields)]) == 0
    assert not CallbackDelivery.objects.exists()


@pytest.mark.parametrize(
    ("filters", "fields", "written"),
    [
        ({"statuses": ["permanent-failure"]}, {}, 0),
        ({"statuses": ["permanent-failure"]}, {"new": Status.PERMANENT_FAILURE}, 1),
        ({"key_types": ["normal", "team"]}, {"key_type": "test"}, 0),
        ({"key_types": ["normal", "team"]}, {"key_type": "team"}, 1),
        ({"is_on": False, "off_at": "2026-01-01T00:00Z", "off_reason": OffReason.PERSON}, {}, 0),
        ({"is_on": False, "off_at": "2026-01-01T00:00Z", "off_reason": OffReason.FAILING}, {}, 1),
    ],
)
def test_an_endpoints_filters_and_switch_decide(service, filters, fields, written):
    make_endpoint(service, **filters)
    outbox.tell_statuses([make_change(service, **fields)])
    assert CallbackDelivery.objects.count() == written


def test_every_endpoint_of_the_service_gets_its_own_row_and_nobody_elses(service, endpoint):
    other = make_endpoint(service, "https://second.department.gov.uk/")
    make_endpoint(make_service("Another"))
    change = make_change(service)
    outbox.tell_statuses([change])
    assert set(CallbackDelivery.objects.values_list("endpoint_id", flat=True)) == {endpoint.pk, other.pk}


def test_the_same_status_told_twice_is_written_once(service, endpoint):
    change = make_change(service)
    outbox.tell_statuses([change])
    outbox.tell_statuses([change])
    assert CallbackDelivery.objects.count() == 1


def test_a_change_that_is_rolled_back_leaves_no_callback(service, endpoint):
    try:
        with transaction.atomic():
            outbox.tell_statuses([make_change(service)])
            raise RuntimeError
    except RuntimeError:
        pass
    assert not CallbackDelivery.objects.exists()


def test_services_without_endpoints_cost_one_query(service, django_assert_num_queries):
    changes = [make_change(service) for _ in range(3)]
    with django_assert_num_queries(1):
        outbox.tell_statuses(changes)


def test_a_batch_costs_the_same_as_one(service, endpoint, django_assert_num_queries):
    changes = [make_change(service) for _ in range(3)]
    with django_assert_num_queries(4):
        outbox.tell_statuses(changes)


def test_a_received_text_is_written_in_the_contracts_shape(service):
    make_endpoint(service, kind="inbound_sms")
    text = ReceivedTextFactory(
        service=service,
        notify_number="07700900111",
        user_number="447700900123",
        user_hash=b"x" * 16,
        content="Hello, caf\u00e9",
        provider="http-sms",
        provider_date=clock.now(),
    )
    text_received.send(sender=ReceivedText, received_text=text)
    assert CallbackDelivery.objects.get().body == {
        "id": str(text.pk),
        "source_number": "447700900123",
        "destination_number": "07700900111",
        "message": "Hello, caf\u00e9",
        "date_received": clock.wire(text.provider_date),
    }


def test_the_payload_is_not_readable_in_the_database(service, endpoint):
    outbox.tell_statuses([make_change(service, to="07700900123")])
    assert b"07700900123" not in bytes(CallbackDelivery.objects.get().payload)


def test_a_returned_letter_is_written_in_the_contracts_shape(service):
    endpoint = make_endpoint(service, kind="returned_letter")
    template = make_template(service, "letter")
    letter = NotificationFactory(
        template=template,
        client_reference="case-7",
        api_key=make_key(service),
    )
    returned = ReturnedLetterFactory(service=service, notification_id=letter.pk)
    letters_returned.send(sender=ReturnedLetter, returned_letters=[returned])
    row = CallbackDelivery.objects.get()
    assert (row.endpoint, row.channel, row.reference) == (endpoint, "letter", "case-7")
    assert row.body == {
        "notification_id": str(letter.pk),
        "reference": "case-7",
        "date_sent": clock.wire(letter.created_at),
        "sent_by": "API",
        "template_name": "Our letter",
        "template_id": str(template.pk),
        "template_version": 1,
        "spreadsheet_file_name": None,
        "spreadsheet_row_number": None,
        "upload_letter_file_name": None,
    }


def test_a_returned_letter_of_a_spreadsheet_names_its_row_as_people_see_it(service):
    make_endpoint(service, kind="returned_letter")
    template = make_template(service, "letter")
    template.is_hidden = True
    template.save()
    person = UserFactory(email="mo@department.gov.uk")
    job = JobFactory(template=template, original_file_name="people.csv")
    letter = NotificationFactory(
        template=template,
        client_reference="letter.pdf",
        job_id=job.pk,
        job_row=0,
        created_by=person,
    )
    outbox.tell_returned([ReturnedLetterFactory(service=service, notification_id=letter.pk)])
    body = CallbackDelivery.objects.get().body
    assert {key: body[key] for key in body if key not in ("notification_id", "date_sent")} == {
        "reference": None,
        "sent_by": "mo@department.gov.uk",
        "template_name": None,
        "template_id": None,
        "template_version": None,
        "spreadsheet_file_name": "people.csv",
        "spreadsheet_row_number": 2,
        "upload_letter_file_name": "letter.pdf",
    }


def test_a_returned_letter_that_is_forgotten_already_stops_nothing(service):
    make_endpoint(service, kind="returned_letter")
    assert outbox.tell_returned([ReturnedLetterFactory(service=service, notification_id=uuid7())]) == 0


def test_a_text_nobody_asked_to_hear_of_is_not_written(service):
    make_endpoint(service)
    assert outbox.tell_text(ReceivedTextFactory(service=service)) == 0
    make_endpoint(service, kind="inbound_sms")
    assert outbox.tell_text(ReceivedTextFactory(service=service)) == 1


def test_a_returned_letter_nobody_asked_to_hear_of_is_not_written(service):
    make_endpoint(service)
    letter = NotificationFactory(template=make_template(service, "letter"), api_key=make_key(service))
    assert outbox.tell_returned([ReturnedLetterFactory(service=service, notification_id=letter.pk)]) == 0
    assert not CallbackDelivery.objects.exists()
