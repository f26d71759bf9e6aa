from unittest.mock import ANY

import pytest

from audit.models import AuditEvent
from audit.record import SYSTEM
from messaging.enums import Status
from messaging.letters.actions.returned_letters import report_returned_letters
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import NotificationFactory
from tests.helpers.cast import STAFF, PlatformCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def test_references_that_are_no_letters_are_all_named():
    with pytest.raises(ActionRefused) as caught:
        report_returned_letters(references=["nonsense", "3f0f6a3c-0000-7000-8000-000000000000", ""], by=SYSTEM)
    assert len(caught.value.reasons) == 2
    with pytest.raises(ActionRefused):
        report_returned_letters(references=[], by=SYSTEM)
    with pytest.raises(ActionRefused):
        report_returned_letters(references=["x"] * 1_001, by=SYSTEM)


def test_others_change_nothing():
    stranger = UserFactory(is_staff=True)
    for attempt in (lambda: report_returned_letters(references=["x"], by=stranger),):
        with pytest.raises(PermissionRefused):
            attempt()
    assert not AuditEvent.objects.filter(actor=stranger).exists()


def letter(**fields):
    return NotificationFactory(template=TemplateFactory(channel="letter"), **fields)


def test_a_letter_is_returned_once_however_its_reference_is_written():
    first = letter()
    references = [f" NOTIFY-{str(first.pk).upper()} ", str(first.pk)]
    assert [each.notification_id for each in report_returned_letters(references=references, by=SYSTEM)] == [first.pk]
    assert report_returned_letters(references=references, by=SYSTEM) == []
    first.refresh_from_db()
    assert first.state == Status.RETURNED_LETTER
    assert AuditEvent.objects.get().data == {"count": 1}


# --- Who may, and what is written ---------------------------------------------------------------------------------
COUNT = "Enter 1 to 1,000 references, one on each line"
VERBS = [
    Verb(
        report_returned_letters,
        lambda cast: call(references=[str(letter().pk)]),
        STAFF,
        {
            "+ReturnedLetter": 1,
            "+StatDelta": 2,
            "Notification.status": int(Status.RETURNED_LETTER),
            "Notification.status_detail": "Returned by the post office",
            "Notification.updated_at": ANY,
            "history": ["letters.returned"],
        },
        refused={
            COUNT: lambda cast: call(references=[" "]),
            "‘nonsense’ is not a letter of ours": lambda cast: call(references=[str(letter().pk), "nonsense"]),
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(PlatformCast, VERBS)
