"""Serving logos."""

import pytest

from audit.record import SYSTEM
from branding.actions import brands
from tests.branding.test_logos import png

pytestmark = pytest.mark.django_db


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
