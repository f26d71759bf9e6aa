"""Taking letters in, from templates and ready-made."""

import base64

import pytest

from messaging.enums import Postage, Status
from messaging.letters import storage
from messaging.letters.actions import accept
from messaging.letters.actions.checks import LetterRequest, PrecompiledRequest
from messaging.message_templates.models import MessageTemplate
from messaging.notifications.models import Notification, NotificationContent, SendQueue
from messaging.notifications.refusals import MessageRefused
from notify.lib.crypto import decrypt_json
from tests.factories.message_templates import TemplateFactory
from tests.factories.services import LiveServiceFactory, ServiceFactory
from tests.helpers.snapshot import snapshot

pytestmark = pytest.mark.django_db
ADDRESS = {"address_line_1": "Sam", "address_line_2": "1 High Street", "address_line_3": "SW1A 1AA", "name": "Sam"}
ABROAD = ADDRESS | {"address_line_3": "Paris", "address_line_4": "France"}
PDF = b"%PDF-1.7"


def letter(service=None, words=None, **fields):
    template = TemplateFactory(service=service or LiveServiceFactory(), channel="letter", words=words)
    values = {"template": (template, template.versions.get()), "personalisation": ADDRESS}
    return LetterRequest(service=template.service, **(values | fields))


def ready_made(service, **fields):
    return PrecompiledRequest(service, base64.b64encode(PDF).decode(), "r", **fields)


def refusal(action, *args):
    before = snapshot()
    with pytest.raises(MessageRefused) as refused:
        action(*args)
    assert snapshot() == before
    return refused.value.code


def test_a_letter_is_stored_with_its_address_and_queued():
    accepted = accept.accept_letter(letter(reference="r"))
    row = Notification.objects.get(pk=accepted.id)
    assert (row.channel, row.postage, row.client_reference, row.international) == ("letter", Postage.SECOND, "r", False)
    content = decrypt_json(bytes(NotificationContent.objects.get().sealed))
    assert content["address"] == ["Sam", "1 High Street", "SW1A 1AA"]
    assert SendQueue.objects.get().pk == accepted.id
    assert accepted.left_today is not None


def test_an_address_abroad_decides_the_postage():
    accepted = accept.accept_letter(letter(personalisation=ABROAD))
    assert (accepted.postage, Notification.objects.get().international) == (Postage.EUROPE, True)


def test_letters_are_refused_and_nothing_is_stored():
    live = LiveServiceFactory()
    cases = {
        "channel_off": letter(LiveServiceFactory(permissions=["email"])),
        "missing_personalisation": letter(live, personalisation={k: v for k, v in ADDRESS.items() if k != "name"}),
        "team_letter": letter(live, key_type="team"),
        "trial_letter": letter(ServiceFactory()),
        "qr_too_long": letter(live, words={"body": "qr: https://example.gov.uk/" + "x" * 600}),
    }
    assert {code: refusal(accept.accept_letter, request) for code, request in cases.items()} == {c: c for c in cases}


def test_more_than_today_allows_is_refused_and_nothing_is_stored():
    assert refusal(accept.accept_letter, letter(LiveServiceFactory(letter_limit_override=0))) == "daily_limit"


def test_a_look_at_a_letter_writes_nothing_and_is_for_services_in_trial_mode_too():
    wanted = letter(ServiceFactory())
    before = snapshot()
    seen = accept.preview_letter(wanted)
    assert (seen.address.lines, seen.version) == (("Sam", "1 High Street", "SW1A 1AA"), wanted.template[1])
    assert snapshot() == before


def test_a_look_at_a_letter_is_refused_as_the_letter_would_be():
    live = LiveServiceFactory()
    cases = {
        "missing_personalisation": letter(live, personalisation=ADDRESS | {"name": None}),
        "bad_last_line_international": letter(live, personalisation=ADDRESS | {"address_line_3": "Nowhere"}),
        "daily_limit": letter(LiveServiceFactory(letter_limit_override=0)),
    }
    assert {code: refusal(accept.preview_letter, request) for code, request in cases.items()} == {c: c for c in cases}


def test_a_ready_made_letter_is_stored_for_its_check():
    service = LiveServiceFactory()
    accepted = accept.accept_precompiled(ready_made(service, postage=Postage.FIRST))
    row = Notification.objects.get()
    assert (row.state, row.postage, row.client_reference) == (Status.PENDING_VIRUS_CHECK, Postage.FIRST, "r")
    assert storage.load(accepted.id) == PDF
    assert accept.letter_pdf(row) == PDF


def test_a_ready_made_letter_that_is_refused_leaves_no_file(monkeypatch):
    kept = []
    monkeypatch.setattr(storage, "save", lambda key, pdf: kept.append(key))
    monkeypatch.setattr(storage, "delete_pdf", kept.remove)
    with pytest.raises(MessageRefused):
        accept.accept_precompiled(ready_made(LiveServiceFactory(letter_limit_override=0)))
    assert (kept, Notification.objects.count()) == ([], 0)


def test_ready_made_letters_share_one_hidden_template():
    service = LiveServiceFactory()
    templates = {accept.precompiled_template(service)[0].pk for _ in range(2)}
    assert templates == {MessageTemplate.objects.get(service=service).pk}
    assert MessageTemplate.objects.get().is_hidden


def test_a_teams_own_template_of_that_name_stays_its_own():
    own = TemplateFactory(service=LiveServiceFactory(), channel="letter", slug="pre-compiled-pdf")
    hidden, _ = accept.precompiled_template(own.service)
    assert (hidden.is_hidden, hidden.slug, own.is_hidden) == (True, "-pre-compiled-pdf", False)


def test_a_letter_whose_content_is_gone_has_no_pdf():
    accepted = accept.accept_letter(letter())
    NotificationContent.objects.all().delete()
    assert accept.letter_pdf(Notification.objects.get(pk=accepted.id)) is None
