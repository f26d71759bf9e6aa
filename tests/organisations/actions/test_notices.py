from datetime import timedelta
from unittest.mock import ANY

import pytest

from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from organisations.actions import notices
from organisations.models import Notice
from tests.factories.organisations import NoticeFactory
from tests.helpers.cast import STAFF, OrganisationCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def test_a_notice_shows_from_now_until_it_is_withdrawn(platform_admin):
    notice = notices.publish(text=" Work on Sunday ", by=platform_admin)
    assert [shown.text for shown in Notice.objects.showing()] == ["Work on Sunday"]
    notices.withdraw(notice, by=platform_admin)
    assert not Notice.objects.showing().exists()
    notices.withdraw(notice, by=platform_admin)


def test_a_notice_nobody_has_seen_is_deleted_when_withdrawn(platform_admin):
    notice = notices.publish(text="Later", starts_at=clock.now() + timedelta(hours=1), by=platform_admin)
    assert not Notice.objects.showing().exists()
    notices.withdraw(notice, by=platform_admin)
    assert not Notice.objects.exists()


def test_an_empty_notice_and_one_that_ends_before_it_starts_are_refused(platform_admin):
    with pytest.raises(ActionRefused):
        notices.publish(text=" ", by=platform_admin)
    with pytest.raises(ActionRefused):
        notices.publish(text="x", ends_at=clock.now() - timedelta(hours=1), by=platform_admin)


def test_only_staff_publish(stranger):
    with pytest.raises(PermissionRefused):
        notices.publish(text="x", by=stranger)


# --- Who may, and what is written ---------------------------------------------------------------------------------
VERBS = [
    Verb(
        notices.publish,
        lambda cast: call(text=" Planned work "),
        STAFF,
        {"+Notice": 1, "history": ["notice.published"]},
        refused={"Enter what everybody should know": lambda cast: call(text=" ")},
    ),
    Verb(notices.withdraw, lambda cast: call(NoticeFactory()), STAFF, {"Notice.ends_at": ANY, "history": ["notice.withdrawn"]}),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(OrganisationCast, VERBS)
