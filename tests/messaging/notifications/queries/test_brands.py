import pytest

from audit.record import SYSTEM
from branding.actions.brands import create_email_brand
from content import EmailBranding, MessageContent, render_email
from messaging.notifications.queries.brands import as_content_brand, brand_of
from tests.branding.test_logos import png
from tests.factories.branding import EmailBrandFactory

pytestmark = pytest.mark.django_db
CONTENT = MessageContent(channel="email", subject="Hello", body="Some words")


def test_an_email_carries_the_brand_of_its_service(service, settings):
    settings.BASE_URL = "https://notify.example"
    service.email_brand = create_email_brand(
        name="Agency", style="org_banner", colour="#003078", alt_text="Agency", logo=png(colour=(255, 255, 255, 255)), by=SYSTEM
    )
    html = render_email(CONTENT, {}, brand=brand_of(service)).html
    assert f'src="https://notify.example/brand-images/{service.email_brand.pk}-' in html
    assert 'alt="Agency"' in html
    assert "#003078" in html


def test_a_brand_without_a_logo_shows_its_words(service):
    service.email_brand = EmailBrandFactory(text="NHS", colour="")
    assert brand_of(service) == EmailBranding(style="org", logo_url="", colour="#000000", text="NHS", alt="")
    assert "NHS" in render_email(CONTENT, {}, brand=brand_of(service)).html


def test_no_brand_is_the_platforms_own_look(service, settings):
    settings.PLATFORM_NAME = "Post & Co"
    assert brand_of(service) == EmailBranding(style="govuk", platform="Post & Co")
    assert "Post &amp; Co" in render_email(CONTENT, {}, brand=brand_of(service)).html


def test_a_preview_takes_the_logo_from_the_page_s_own_address(settings):
    settings.BASE_URL = "https://notify.example"
    brand = create_email_brand(name="Agency", alt_text="Agency", logo=png(), by=SYSTEM)
    address = as_content_brand(brand, origin="http://localhost:1234").logo_url
    assert address.startswith("http://localhost:1234/brand-images/")
