"""A letter as it goes to the printer."""

import io

import pikepdf
import pytest

from messaging.enums import Postage, Status
from messaging.letters import storage
from messaging.letters.actions.compose import compose_letter, letter_pdf
from messaging.letters.typesetting import MAX_PAGES
from messaging.notifications.actions.compose import NotSendable
from messaging.notifications.queries.pricing import letter_rate
from notify.lib import clock
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import NotificationFactory

pytestmark = pytest.mark.django_db
CONTENT = {"normalised": "Sam\n1 High Street\nSW1A 1AA", "personalisation": {"name": "Sam"}, "sender": ""}


def pdf_of(pages):
    made, output = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.save(output)
    return output.getvalue()


def letter(pdf=None, **fields):
    message = NotificationFactory(template=TemplateFactory(channel="letter", is_hidden=pdf is not None), **fields)
    if pdf:
        storage.save(message.pk, pdf)
    return message


def composed(message):
    return compose_letter(message, CONTENT, message.service)


def test_a_letter_goes_with_its_sheets_and_price():
    letter_of_three = letter(pdf_of(3), postage=Postage.FIRST, client_reference="r")
    found = composed(letter_of_three)
    assert (found.units, found.outgoing.postage, found.outgoing.reference) == (2, Postage.FIRST, "r")
    assert found.outgoing.to == CONTENT["normalised"]
    crown = bool(letter_of_three.service.crown)
    assert found.cost == letter_rate(clock.local_day(), sheets=2, postage=Postage.FIRST, crown=crown)


@pytest.mark.parametrize(
    ("pdf", "message", "status"),
    [
        (b"", "The letter’s PDF is missing", Status.TECHNICAL_FAILURE),
        (b"nonsense", "The file is not a PDF that can be read", Status.VALIDATION_FAILED),
        (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "The file did not pass the virus scan", Status.VIRUS_SCAN_FAILED),
        (pdf_of(MAX_PAGES + 1), f"The letter has {MAX_PAGES + 1} pages, the most is {MAX_PAGES}", Status.VALIDATION_FAILED),
    ],
)
def test_what_cannot_be_printed_says_why(pdf, message, status):
    with pytest.raises(NotSendable) as refused:
        composed(letter(pdf))
    assert (str(refused.value), refused.value.status) == (message, status)


def test_a_letter_from_a_template_is_typeset_once():
    message = letter()
    first = letter_pdf(message, CONTENT)
    assert first.startswith(b"%PDF")
    assert storage.load(message.pk) == first
    assert letter_pdf(message, CONTENT | {"personalisation": {"name": "Kim"}}) == first


def test_a_ready_made_letter_that_is_gone_is_not_made_up():
    assert letter_pdf(letter(b""), CONTENT) is None
