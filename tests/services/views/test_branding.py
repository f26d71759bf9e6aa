import re
from urllib.parse import parse_qs, urlparse

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from branding.logos import MAX_BYTES
from services.actions.brand_drafts import read_draft, save_draft
from services.models import BrandRequest, Service
from services.permissions import MANAGE_SERVICE, VIEW_ACTIVITY
from tests.branding.test_logos import png, svg
from tests.factories.accounts import UserFactory
from tests.factories.branding import EmailBrandFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import ServiceFactory, join

pytestmark = pytest.mark.django_db
PAGES = [
    "email-branding", "email-branding-upload", "email-branding-ask", "letter-branding", "letter-branding-upload",
    "letter-branding-ask",
]  # fmt: skip


@pytest.fixture
def service():
    organisation = OrganisationFactory(name="Council", organisation_type="local", crown=False)
    return ServiceFactory(name="Bins", organisation=organisation, organisation_type="local")


def member_with(service, permission):
    client = Client()
    client.force_login(join(service, UserFactory(), permission))
    return client


@pytest.fixture
def client(service):
    return member_with(service, MANAGE_SERVICE)


def page(service, name, **query):
    return reverse(f"services:{name}", args=[service.pk], query=query)


def file_of(data, name="logo.png"):
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize("name", PAGES)
def test_managers_open_the_pages_and_nobody_else(name, service, client):
    assert client.get(page(service, name)).status_code == 200
    assert member_with(service, VIEW_ACTIVITY).get(page(service, name)).status_code == 403
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(page(service, name)).status_code == 404
    assert Client().get(page(service, name)).status_code == 302


def test_choosing_from_the_pool_shows_it_first(service, client):
    brand = EmailBrandFactory(name="Council brand")
    service.organisation.email_brand_pool.add(brand)
    response = client.post(page(service, "email-branding"), {"options": str(brand.pk)})
    confirm = page(service, "email-branding-confirm", choice=str(brand.pk))
    assert response.headers["Location"] == confirm
    assert f"brand={brand.pk}" in client.get(confirm).content.decode()
    assert client.post(confirm).status_code == 302
    service.refresh_from_db()
    assert service.email_brand == brand


@pytest.mark.parametrize("choice", ["govuk", "nonsense", "", "organisation", "3f0f6a3c-0000-7000-8000-000000000000"])
def test_nothing_else_can_be_confirmed(service, client, choice):
    address = page(service, "email-branding-confirm", choice=choice)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_nothing_chosen_is_an_error_beside_the_field(service, client):
    text = client.post(page(service, "email-branding"), {}).content.decode()
    assert text.count("Select an option") >= 2


def test_an_uploaded_logo_is_seen_in_an_email_before_it_is_saved(service, client):
    response = client.post(page(service, "email-branding"), {"options": "organisation"})
    upload = page(service, "email-branding-upload", choice="organisation")
    assert response.headers["Location"] == upload
    response = client.post(upload, {"logo": file_of(png()), "banner": "no"})
    preview = response.headers["Location"]
    assert service.organisation.email_brand_pool.count() == 0
    text = client.get(preview).content.decode()
    frame = re.search(r'<iframe[^>]* src="([^"]+)"', text)[1].replace("&amp;", "&")
    example = client.get(frame)
    assert example.status_code == 200
    assert "draft.png" in example.content.decode()
    token = parse_qs(urlparse(preview).query)["draft"][0]
    picture = client.get(page(service, "email-branding-draft", draft=token))
    assert picture.content.startswith(b"\x89PNG")
    assert client.post(preview, {"alt_text": "The logo"}).status_code == 200
    assert client.post(preview, {"alt_text": "Council"}).status_code == 302
    service.refresh_from_db()
    assert service.email_brand.name == "Council"
    assert service.organisation.default_email_brand == service.email_brand
    assert list(service.organisation.email_brand_pool.all()) == [service.email_brand]
    assert read_draft(token, service.pk) is None


def test_a_banner_needs_a_colour(service, client):
    data = {"logo": file_of(png()), "banner": "yes", "colour": "red"}
    assert "Enter a hex colour code" in client.post(page(service, "email-branding-upload"), data).content.decode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"GIF89a", "must be a PNG or SVG file"),
        (png(height=50), "at least 108 pixels high"),
        (svg("<script/>"), "contains a script"),
        (b"\x89PNG" + bytes(MAX_BYTES), "smaller than 2 MB"),
        (png(colour=(255, 255, 255, 255)), "cannot be seen"),
    ],
)
def test_a_bad_logo_is_refused_with_a_sentence(service, client, data, message):
    response = client.post(page(service, "email-branding-upload"), {"logo": file_of(data), "banner": "no"})
    assert response.status_code == 200
    assert message in response.content.decode()


def test_a_draft_of_another_service_does_not_work(service, client):
    other = ServiceFactory(name="Parks", organisation=None, organisation_type="local")
    draft = save_draft(other.pk, png(), style="org", colour="", is_organisations_own=False)
    for name in ("email-branding-preview", "email-branding-draft"):
        assert client.get(page(service, name, draft=draft.token())).status_code == 404
        assert client.get(page(service, name, draft="x")).status_code == 404


def test_a_letter_logo_is_saved_at_once(service, client):
    data = {"logo": file_of(svg(), "logo.svg"), "name": "Crest"}
    assert client.post(page(service, "letter-branding-upload"), data).status_code == 302
    service.refresh_from_db()
    assert service.letter_brand.name == "Crest"


def test_a_wish_goes_to_the_designers(service, client):
    assert client.post(page(service, "letter-branding-ask"), {"text": "Our crest"}).status_code == 302
    assert list(BrandRequest.objects.values_list("service", "kind", "text")) == [(service.pk, "letter", "Our crest")]
    assert "Describe the branding" in client.post(page(service, "letter-branding-ask"), {"text": ""}).content.decode()


def test_only_central_government_is_asked_which_kind_of_logo(service, client):
    assert client.get(page(service, "email-branding-logo")).status_code == 404
    Service.objects.filter(pk=service.pk).update(organisation_type="central")
    assert client.get(page(service, "email-branding-logo")).status_code == 200
    response = client.post(page(service, "email-branding"), {"options": "govuk_and_org"})
    assert response.headers["Location"] == page(service, "email-branding-logo", choice="govuk_and_org")
