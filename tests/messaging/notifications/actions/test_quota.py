from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from messaging.notifications.actions import quota
from messaging.notifications.models import Notification, UsageCounter
from messaging.notifications.refusals import MessageRefused
from notify.lib.api.exception_handler import api_error
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import send_one
from tests.factories.services import LiveServiceFactory, ServiceFactory


@pytest.mark.django_db(transaction=True)
def test_fifty_senders_at_three_left_give_exactly_three_messages():
    service = LiveServiceFactory(sms_limit_override=3)
    template = TemplateFactory(service=service)

    def send(_):
        try:
            send_one(service, template)
        except MessageRefused as refused:
            return api_error(refused).status_code
        finally:
            connection.close()
        return 201

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))
    assert sorted(answers) == [201] * 3 + [429] * 47
    assert Notification.objects.count() == 3
    assert quota.remaining_today(service, "sms") == 0


@pytest.mark.django_db
def test_batch_larger_than_what_is_left_is_refused_whole():
    service = LiveServiceFactory(email_limit_override=10)
    with transaction.atomic():
        assert quota.reserve(service, "email", 7, key_type="normal") == 3
    with pytest.raises(MessageRefused), transaction.atomic():
        quota.reserve(service, "email", 4, key_type="normal")
    assert quota.used_today(service, "email") == 7


@pytest.mark.django_db
def test_international_refusal_takes_nothing_off_the_texts():
    service = LiveServiceFactory(international_sms_limit_override=1)
    with pytest.raises(MessageRefused), transaction.atomic():
        quota.reserve(service, "sms", 2, key_type="normal", international=2)
    assert UsageCounter.objects.count() == 0


@pytest.mark.django_db
def test_what_is_given_back_can_be_used_again():
    service = LiveServiceFactory(sms_limit_override=5)
    quota.reserve(service, "sms", 5, key_type="normal")
    quota.give_back(service.pk, "sms", 2)
    assert quota.remaining_today(service, "sms") == 2


@pytest.mark.django_db
def test_gp_surgery_in_trial_sends_nothing_on_any_channel():
    service = ServiceFactory(organisation_type="nhs_gp")
    channels = ("email", "sms", "letter", "international_sms")
    assert [quota.remaining_today(service, channel) for channel in channels] == [0, 0, 0, 0]


@pytest.mark.django_db
def test_trial_limits_are_the_briefs():
    service = ServiceFactory(organisation_type="local")
    channels = ("email", "sms", "letter", "international_sms")
    assert [quota.remaining_today(service, channel) for channel in channels] == [50, 50, 50, 10]


@pytest.mark.django_db
def test_a_look_at_what_is_left_refuses_when_nothing_is_and_never_a_test_key():
    service = LiveServiceFactory(sms_limit_override=1)
    quota.check_left_today(service, "sms")
    quota.reserve(service, "sms", 1, key_type="normal")
    with pytest.raises(MessageRefused) as refused:
        quota.check_left_today(service, "sms")
    assert (refused.value.code, refused.value.details) == ("daily_limit", {"channel": "sms", "limit": 1})
    quota.check_left_today(service, "sms", key_type="test")
    quota.check_left_today(service, "email")
