import re

import pytest
from django.test import Client

from audit.models import AuditEvent
from callbacks.enums import OffReason
from callbacks.models import CallbackDelivery, CallbackEndpoint
from tests.factories.accounts import UserFactory
from tests.factories.services import join
from tests.helpers.api import make_service
from tests.helpers.callbacks import make_endpoint

URL = "https://hooks.department.gov.uk/notify"


def test_setting_a_callback_stores_it_sealed_with_a_secret(client, service, base, person):
    response = client.post(f"{base}/delivery-status-callback", {"url": URL, "bearer_token": "0123456789"})
    endpoint = CallbackEndpoint.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"{base}/endpoints/{endpoint.pk}")
    assert (endpoint.service, endpoint.kind, endpoint.url, endpoint.bearer_token, endpoint.created_by) == (
        service,
        "delivery_status",
        URL,
        "0123456789",
        person,
    )
    assert endpoint.signing_secret.startswith("whsec_")
    event = AuditEvent.objects.get(name="callback.added")
    assert "0123456789" not in str(event.data)


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"url": "http://x.gov.uk", "bearer_token": "0123456789"}, {"url": ["Must be a valid https URL"]}),
        (
            {"url": URL, "bearer_token": "123456789"},
            {"bearer_token": ["The bearer token must be at least 10 characters long"]},
        ),
        ({"url": URL, "bearer_token": ""}, {"bearer_token": ["Cannot be empty"]}),
        (
            {"url": "https://localhost", "bearer_token": ""},
            {"url": ["Must be a valid https URL"], "bearer_token": ["Cannot be empty"]},
        ),
        ({"url": "https://x.gov.uk/\x00", "bearer_token": "0123456789"}, {"url": ["Null characters are not allowed."]}),
    ],
)
def test_a_bad_callback_is_refused_beside_its_field_and_what_was_typed_is_kept(client, base, data, errors):
    response = client.post(f"{base}/delivery-status-callback", data)
    assert response.status_code == 200
    assert response.context["form"].errors == errors
    page = response.content.decode()
    assert page.count("There is a problem") == 1
    assert not CallbackEndpoint.objects.exists()


def test_the_stored_token_is_shown_as_a_dummy_and_left_unchanged_it_stays(client, base, endpoint):
    page = client.get(f"{base}/delivery-status-callback").content.decode()
    assert "a-token-of-theirs" not in page
    assert 'value="bearer_token_set"' in page
    client.post(f"{base}/delivery-status-callback", {"url": "https://new.gov.uk/", "bearer_token": "bearer_token_set"})
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.bearer_token) == ("https://new.gov.uk/", "a-token-of-theirs")


def test_the_dummy_is_no_token_where_none_is_stored(client, base):
    client.post(f"{base}/delivery-status-callback", {"url": URL, "bearer_token": "bearer_token_set"})
    assert CallbackEndpoint.objects.get().bearer_token == "bearer_token_set"


@pytest.mark.parametrize("token", ["", "short", "bearer_token_set"])
def test_an_empty_url_removes_the_callback_whatever_the_token(client, base, endpoint, token):
    response = client.post(f"{base}/delivery-status-callback", {"url": "", "bearer_token": token})
    assert response.status_code == 302
    assert not CallbackEndpoint.objects.exists()


def test_an_empty_url_is_accepted_where_there_is_none(client, base):
    assert client.post(f"{base}/delivery-status-callback", {"url": "", "bearer_token": ""}).status_code == 302


def test_the_chooser_shows_what_a_service_can_have(client, service, base):
    page = client.get(base).content.decode()
    assert re.findall(r"Callbacks for [a-z ]+", page)[:1] == ["Callbacks for delivery receipts"]
    assert "Callbacks for returned letters" in page
    assert "Callbacks for received text messages" not in page
    service.permissions = ["email", "sms"]
    service.save()
    response = client.get(base)
    assert (response.status_code, response["Location"]) == (302, f"{base}/delivery-status-callback")


@pytest.mark.parametrize("slug", ["received-text-messages-callback", "returned-letters-callback"])
def test_a_kind_the_service_cannot_have_leads_back(client, service, base, slug):
    service.permissions = ["email", "sms"]
    service.save()
    assert client.get(f"{base}/{slug}")["Location"] == base
    assert client.post(f"{base}/{slug}", {"url": URL, "bearer_token": "0123456789"})["Location"] == base
    assert not CallbackEndpoint.objects.exists()


@pytest.mark.parametrize(
    ("slug", "kind"),
    [("received-text-messages-callback", "inbound_sms"), ("returned-letters-callback", "returned_letter")],
)
def test_each_kind_has_its_own_callback(client, service, base, slug, kind):
    service.permissions = ["sms", "inbound_sms", "letter"]
    service.save()
    client.post(f"{base}/{slug}", {"url": URL, "bearer_token": "0123456789"})
    assert list(CallbackEndpoint.objects.values_list("kind", flat=True)) == [kind]


def test_another_endpoint_has_filters(client, base, endpoint):
    client.post(
        f"{base}/delivery-status-callback/add",
        {"url": "https://two.gov.uk", "bearer_token": "0123456789", "statuses": ["delivered"], "key_types": ["test"]},
    )
    added = CallbackEndpoint.objects.exclude(pk=endpoint.pk).get()
    assert (added.statuses, added.key_types) == (["delivered"], ["test"])
    client.post(
        f"{base}/endpoints/{added.pk}/change",
        {"url": "https://two.gov.uk", "bearer_token": "bearer_token_set", "statuses": ["permanent-failure"]},
    )
    added.refresh_from_db()
    assert (added.statuses, added.key_types, added.bearer_token) == (["permanent-failure"], [], "0123456789")


def test_the_same_url_twice_is_refused(client, base, endpoint):
    response = client.post(f"{base}/delivery-status-callback/add", {"url": endpoint.url, "bearer_token": "0123456789"})
    assert response.context["form"].errors == {"url": ["This URL already gets these callbacks"]}


def test_every_page_opens(client, service, base, endpoint):
    client.post(f"{base}/endpoints/{endpoint.pk}/test")
    delivery = CallbackDelivery.objects.get()
    for path in (
        "",
        "/delivery-status-callback",
        "/delivery-status-callback/add",
        "/log",
        "/log?search=test&state=waiting",
        f"/log?endpoint={endpoint.pk}",
        f"/log/{delivery.pk}",
        f"/endpoints/{endpoint.pk}",
        f"/endpoints/{endpoint.pk}/change",
        f"/endpoints/{endpoint.pk}/remove",
        f"/endpoints/{endpoint.pk}/send-again",
    ):
        assert client.get(base + path).status_code == 200, path


def test_people_outside_get_404_and_members_without_the_permission_403(service, base, endpoint):
    outsider, member = UserFactory(), UserFactory()
    join(service, member)
    for user, status in ((outsider, 404), (member, 403)):
        client = Client()
        client.force_login(user)
        for path in ("", "/delivery-status-callback", "/log", f"/endpoints/{endpoint.pk}"):
            assert client.get(base + path).status_code == status, path
        assert client.post(f"{base}/endpoints/{endpoint.pk}/test").status_code == status


def test_another_services_endpoint_is_not_found(client, base):
    theirs = make_endpoint(make_service("Another"))
    for path in ("", "/change", "/remove", "/send-again"):
        assert client.get(f"{base}/endpoints/{theirs.pk}{path}").status_code == 404
    for verb in ("test", "on", "off", "secret"):
        assert client.post(f"{base}/endpoints/{theirs.pk}/{verb}").status_code == 404


def test_switching_off_and_on(client, base, endpoint):
    client.post(f"{base}/endpoints/{endpoint.pk}/off")
    endpoint.refresh_from_db()
    assert (endpoint.is_on, endpoint.off_reason) == (False, OffReason.PERSON)
    page = client.post(f"{base}/endpoints/{endpoint.pk}/test", follow=True).content.decode()
    assert "Switch this callback on before you send a test" in page
    client.post(f"{base}/endpoints/{endpoint.pk}/on")
    endpoint.refresh_from_db()
    assert (endpoint.is_on, endpoint.off_at, endpoint.off_reason) == (True, None, "")


def test_a_new_secret_keeps_the_one_before(client, base, endpoint):
    client.post(f"{base}/endpoints/{endpoint.pk}/secret")
    after = CallbackEndpoint.objects.get()
    assert after.signing_secret != endpoint.signing_secret
    assert after.previous_secret == endpoint.signing_secret
