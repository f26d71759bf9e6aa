from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.storage import InMemoryStorage, default_storage

from notify.lib import clock
from services.actions import brand_drafts
from services.actions.brand_drafts import BrandDraft, purge_old, read_draft, save_draft
from tests.branding.test_logos import png


@pytest.fixture
def draft():
    made = save_draft(uuid4(), png(), style="org", colour="", is_organisations_own=True)
    yield made
    default_storage.delete(made.file)


def test_a_draft_is_read_back_by_its_own_service_only(draft):
    assert read_draft(draft.token(), draft.service_id) == draft
    assert read_draft(draft.token(), uuid4()) is None
    forged = BrandDraft(draft.service_id, "../../secret", "org", "", is_organisations_own=False)
    assert read_draft(forged.token()[:-2], draft.service_id) is None


def test_a_draft_is_too_old_after_twelve_hours_and_gone_after_a_day(draft):
    token = draft.token()
    with time_machine.travel(clock.now() + timedelta(hours=13), tick=False):
        assert read_draft(token, draft.service_id) is None
        purge_old()
        assert default_storage.exists(draft.file)
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert purge_old() >= 1
    assert not default_storage.exists(draft.file)


def test_there_is_nothing_to_purge_before_the_first_upload(monkeypatch):
    monkeypatch.setattr(brand_drafts, "default_storage", InMemoryStorage())
    assert purge_old() == 0
