import pytest
from django.db import connection

from messaging.providers.actions.provider_rows import ensure_provider_rows
from messaging.providers.models import ProviderState

pytestmark = pytest.mark.django_db


def shares():
    return dict(ProviderState.objects.filter(channel="sms").values_list("name", "share"))


def test_the_first_providers_share_evenly_and_a_later_one_starts_with_nothing(settings):
    ProviderState.objects.all().delete()
    settings.SMS_PROVIDERS = ["one", "two", "three"]
    ensure_provider_rows()
    assert shares() == {"one": 34, "two": 33, "three": 33}
    settings.SMS_PROVIDERS = ["one", "two", "three", "four"]
    ensure_provider_rows()
    assert shares() == {"one": 34, "two": 33, "three": 33, "four": 0}


def test_what_staff_set_is_kept(settings):
    ProviderState.objects.all().delete()
    settings.SMS_PROVIDERS = ["one"]
    ensure_provider_rows()
    ProviderState.objects.update(share=7, is_active=False)
    ensure_provider_rows()
    assert shares() == {"one": 7}


def test_there_is_nothing_to_do_before_the_table_is_made(monkeypatch):
    ProviderState.objects.all().delete()
    with monkeypatch.context() as patch:
        patch.setattr(connection.introspection, "table_names", list)
        ensure_provider_rows()
    assert shares() == {}
