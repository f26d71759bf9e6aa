import pytest

from audit.models import AuditEvent
from audit.record import SYSTEM
from branding.actions import brands
from notify.lib.refusals import ActionRefused, PermissionRefused
from tests.branding.test_logos import png, svg
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "nhs"}, ["taken"]),
        ({"text": "", "alt_text": ""}, ["words", "logo"]),
        ({"alt_text": "Agency"}, ["both"]),
        ({"colour": "red"}, ["colour"]),
        ({"style": "org_banner"}, ["colour"]),
        ({"style": "neon"}, ["style"]),
        ({"text": "", "alt_text": "Agency"}, ["logo"]),
    ],
)
def test_a_brand_must_be_complete(fields, codes):
    with pytest.raises(ActionRefused) as caught:
        brands.create_email_brand(**({"name": "Agency", "text": "Agency"} | fields), by=SYSTEM)
    assert [reason.code for reason in caught.value.reasons] == codes


def test_a_changed_brand_keeps_the_file_of_the_old_logo():
    brand = brands.create_email_brand(name="Agency", alt_text="Agency", logo=png(), by=SYSTEM)
    old = brand.logo.name
    changed = brands.update_email_brand(brand, by=SYSTEM, logo=png(colour=(200, 0, 0, 255)), colour="f00")
    assert changed.logo.name != old
    assert changed.logo.storage.exists(old)
    assert changed.colour == "#ff0000"
    assert AuditEvent.objects.filter(name="email_brand.changed").get().data["before"] == {"colour": "", "logo": old}


def test_a_brand_in_use_is_not_archived():
    brand = brands.create_letter_brand(name="Crest", logo=svg(), by=SYSTEM)
    organisation = OrganisationFactory(name="Ministry", default_letter_brand=brand)
    organisation.letter_brand_pool.add(brand)
    with pytest.raises(ActionRefused, match="organisation ‘Ministry’"):
        brands.archive_brand(brand, by=SYSTEM)
    organisation.letter_brand_pool.clear()
    organisation.default_letter_brand = None
    organisation.save()
    brands.archive_brand(brand, by=SYSTEM)
    brand.refresh_from_db()
    assert brand.is_active is False
    assert brands.create_letter_brand(name="Crest", logo=svg(), by=SYSTEM).name == "Crest"


def test_others_than_staff_make_no_brands():
    with pytest.raises(PermissionRefused):
        brands.create_email_brand(name="Mine", text="Mine", by=UserFactory())
    with pytest.raises(PermissionRefused):
        brands.create_letter_brand(name="Mine", logo=svg(), by=UserFactory())


def test_a_logo_is_served_to_anybody_and_for_ever(client):
    brand = brands.create_email_brand(name="Agency", alt_text="Agency", logo=png(), by=SYSTEM)
    response = client.get("/" + brand.logo_url.split("/", 3)[3])
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert "immutable" in response["Cache-Control"]
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "name", ["x.png", "../../etc/passwd", "0" * 36 + "-" + "0" * 16 + ".png", "0" * 36 + "-" + "0" * 16 + ".svg"]
)
def test_other_files_are_not_served(client, name):
    assert client.get(f"/brand-images/{name}").status_code == 404
