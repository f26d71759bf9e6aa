from datetime import date

import pytest
from django.core.files.base import ContentFile

from audit.record import SYSTEM
from branding.actions.brands import create_letter_brand
from content import MessageContent, render_letter
from messaging.letters.typesetting import UnreadablePdf, page_count, page_png, render_pdf
from tests.branding.test_logos import svg

LETTER = render_letter(
    MessageContent(channel="letter", subject="Hello", body="Some words"),
    {"address_line_1": "A", "address_line_2": "B", "address_line_3": "EX1 1AA"},
)


@pytest.mark.django_db
def test_a_letter_carries_its_brand_on_the_same_page():
    brand = create_letter_brand(name="Crest", logo=svg(), by=SYSTEM)
    plain, branded = (render_pdf(LETTER, day=date(2026, 1, 12), brand=one) for one in (None, brand))
    assert page_count(plain) == page_count(branded) == 1
    assert page_png(plain) != page_png(branded)


@pytest.mark.django_db
def test_a_very_wide_logo_stays_on_the_page():
    brand = create_letter_brand(
        name="Wide",
        logo=b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 10"><rect width="240" height="10"/></svg>',
        by=SYSTEM,
    )
    assert page_count(render_pdf(LETTER, day=date(2026, 1, 12), brand=brand)) == 1


@pytest.mark.django_db
def test_a_lost_logo_does_not_stop_a_letter():
    brand = create_letter_brand(name="Crest", logo=svg(), by=SYSTEM)
    brand.logo.storage.delete(brand.logo.name)
    assert page_count(render_pdf(LETTER, day=date(2026, 1, 12), brand=brand)) == 1
    brand.logo.storage.save(brand.logo.name, ContentFile(svg()))


def test_a_page_that_is_not_there_is_refused():
    for pdf in (b"no PDF", render_pdf(LETTER, day=date(2026, 1, 12))):
        with pytest.raises(UnreadablePdf):
            page_png(pdf, 7)
