"""The log of callbacks, and sending again."""

import pytest

from callbacks.enums import DeliveryState
from callbacks.models import CallbackDelivery
from tests.helpers.queries import at_one_and_three


def test_replaying_one_and_a_range(client, base, endpoint):
    client.post(f"{base}/endpoints/{endpoint.pk}/test")
    CallbackDelivery.objects.update(state=DeliveryState.FAILED)
    delivery = CallbackDelivery.objects.get()
    client.post(f"{base}/log/{delivery.pk}")
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.WAITING
    CallbackDelivery.objects.update(state=DeliveryState.DELIVERED)
    bad = client.post(
        f"{base}/endpoints/{endpoint.pk}/send-again",
        {"since": "2020-01-01T00:00", "until": "2020-01-01T00:00", "what": "all"},
    )
    assert bad.context["form"].errors == {"until": ["The end must be after the start"]}
    none = client.post(
        f"{base}/endpoints/{endpoint.pk}/send-again",
        {"since": "2020-01-01T00:00", "until": "2099-01-01T00:00", "what": "failed"},
    )
    assert none.context["form"].non_field_errors() == ["There is nothing to send again"]
    client.post(
        f"{base}/endpoints/{endpoint.pk}/send-again",
        {"since": "2020-01-01T00:00", "until": "2099-01-01T00:00", "what": "all"},
    )
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.WAITING


@pytest.mark.parametrize("query", ["before=x", "endpoint=x"])
def test_junk_in_the_address_is_not_found(client, base, query):
    assert client.get(f"{base}/log?{query}").status_code == 404


def test_junk_in_the_search_finds_nothing(client, base):
    assert client.get(f"{base}/log?search=%00&state=junk").status_code == 200


def test_the_log_is_read_with_the_same_queries_at_any_length(client, base, endpoint):
    one, three = at_one_and_three(client, f"{base}/log", lambda: client.post(f"{base}/endpoints/{endpoint.pk}/test"))
    assert three == one <= 15
