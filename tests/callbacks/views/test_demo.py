"""The receiver of the embedded run."""

from django.test import Client

from callbacks.actions.deliver import headers_for
from callbacks.models import CallbackDelivery


def test_the_demo_receiver_keeps_and_shows_what_it_gets(service, endpoint, client, base):
    client.post(f"{base}/endpoints/{endpoint.pk}/test")
    delivery = CallbackDelivery.objects.get()
    machine = Client()
    headers = headers_for(delivery, b"{}", delivery.created_at)
    for answer, status in (("", 200), ("/error", 500), ("/busy", 429), ("/gone", 410)):
        response = machine.post(
            f"/_demo/callback-receiver{answer}", '{"to": "<b>"}', content_type="application/json", headers=headers
        )
        assert response.status_code == status
    page = machine.get("/_demo/callback-receiver").content.decode()
    assert "&lt;b&gt;" in page
    assert page.count(str(delivery.pk)) == 4
