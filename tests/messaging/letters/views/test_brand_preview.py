"""Examples of an email and of a letter in a brand that is not applied yet."""

import pytest
from django.urls import reverse

from services.actions.brand_drafts import save_draft
from services.permissions import MANAGE_SERVICE, VIEW_ACTIVITY
from tests.branding.test_logos import png
from tests.factories.accounts import UserFactory
from tests.factories.branding import EmailBrandFactory, LetterBrandFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import ServiceFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    organisation = OrganisationFactory(name="Council", organisation_type="local", crown=False)
    return ServiceFactory(name="Bins", organisation=organisation, organisation_type="local")


@pytest.fixture
def client(service, client_for):
    return client_for(join(service, UserFactory(), MANAGE_SERVICE))


def preview(service, kind, **query):
    return reverse(f"letters:brand-preview-{kind}", args=[service.pk], query=query)


def test_an_example_email_carries_the_brand_and_may_do_nothing(service, client):
    brand = EmailBrandFactory(text="Council of Examples")
    service.organisation.email_brand_pool.add(brand)
    response = client.get(preview(service, "email", brand=str(brand.pk)))
    assert "Council of Examples" in response.content.decode()
    assert response["Content-Security-Policy"].endswith("sandbox")
    assert "script-src" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("brand", ["nonsense", "3f0f6a3c-0000-7000-8000-000000000000"])
def test_other_brands_are_not_shown(service, client, brand):
    assert client.get(preview(service, "email", brand=brand)).status_code == 404
    assert client.get(preview(service, "letter", brand=brand)).status_code == 404
    assert client.get(preview(service, "email", draft="x")).status_code == 404
    foreign = EmailBrandFactory()
    assert client.get(preview(service, "email", brand=str(foreign.pk))).status_code == 404


def test_an_example_letter_is_a_picture_of_a_page(service, client):
    brand = LetterBrandFactory()
    service.organisation.letter_brand_pool.add(brand)
    plain = client.get(preview(service, "letter"))
    branded = client.get(preview(service, "letter", brand=str(brand.pk)))
    assert plain.content.startswith(b"\x89PNG")
    assert branded.content.startswith(b"\x89PNG")
    assert plain.content != branded.content


def test_an_uploaded_draft_is_shown_and_another_services_is_not(service, client):
    words = {"style": "org", "colour": "", "is_organisations_own": False}
    draft, foreign = (save_draft(each.pk, png(), **words) for each in (service, ServiceFactory()))
    html = client.get(preview(service, "email", draft=draft.token())).content.decode()
    assert "/branding/email/draft.png?draft=" in html
    assert client.get(preview(service, "email", draft=foreign.token())).status_code == 404


@pytest.mark.parametrize("kind", ["email", "letter"])
def test_only_those_who_manage_the_service_look(kind, service, client_for):
    assert client_for(join(service, UserFactory(), VIEW_ACTIVITY)).get(preview(service, kind)).status_code == 403
    assert client_for(UserFactory()).get(preview(service, kind)).status_code == 404
