import pytest

from audit.models import AuditEvent
from audit.record import SYSTEM
from messaging.letters.actions.returned_letters import report_returned_letters
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_references_that_are_no_letters_are_all_named():
    with pytest.raises(ActionRefused) as caught:
        report_returned_letters(references=["nonsense", "3f0f6a3c-0000-7000-8000-000000000000", ""], by=SYSTEM)
    assert len(caught.value.reasons) == 2
    with pytest.raises(ActionRefused):
        report_returned_letters(references=[], by=SYSTEM)


def test_others_change_nothing():
    stranger = UserFactory(is_staff=True)
    for attempt in (lambda: report_returned_letters(references=["x"], by=stranger),):
        with pytest.raises(PermissionRefused):
            attempt()
    assert not AuditEvent.objects.filter(actor=stranger).exists()
