"""The email that proves a reply-to address, and its link."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from notify.lib import clock
from services.actions import reply_to_verification as verification
from tests.factories.services import ReplyToFactory, WaitingReplyToFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply_to(service):
    return WaitingReplyToFactory(service=service, email_address="team@department.gov.uk")


def test_the_email_goes_to_the_address_with_a_link_that_works(reply_to, manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        verification.send(reply_to, make_default=True, by=manager)
    [sent] = mail.outbox
    assert (sent.to, "Bin collections" in sent.body, "Mo Manager" in sent.body) == (["team@department.gov.uk"], True, True)
    token = re.search(r"/confirm-reply-to/(\S+)", sent.body).group(1)
    assert verification.read(token) == (reply_to, True, None)


def test_a_link_names_what_it_replaces(reply_to):
    old = ReplyToFactory()
    assert verification.read(verification.token_for(reply_to, False, old)) == (reply_to, False, old.pk)


def test_a_link_works_for_a_day(reply_to):
    with time_machine.travel(clock.now(), tick=False) as clockwork:
        token = verification.token_for(reply_to, False)
        clockwork.shift(verification.LIFETIME - timedelta(seconds=1))
        assert verification.read(token) is not None
        clockwork.shift(timedelta(seconds=2))
        assert verification.read(token) is None


def test_a_link_that_was_changed_or_whose_address_changed_is_void(reply_to):
    token = verification.token_for(reply_to, False)
    assert verification.read(token[:-1] + ("a" if token[-1] != "a" else "b")) is None
    assert verification.read("nonsense") is None
    reply_to.email_address = "other@department.gov.uk"
    reply_to.save()
    assert verification.read(token) is None
