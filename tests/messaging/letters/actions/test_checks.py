"""What is checked before a letter is taken in."""

import base64

import pytest

from messaging.letters.actions import checks
from messaging.letters.actions.checks import LetterContext, LetterRequest, PrecompiledRequest
from messaging.message_templates.refusals import TemplateNotFound
from messaging.notifications.refusals import MessageRefused
from notify.lib.api.exception_handler import api_error
from tests.factories.message_templates import TemplateFactory
from tests.factories.services import LiveServiceFactory, ServiceFactory

pytestmark = pytest.mark.django_db
ADDRESS = {"address_line_1": "Sam", "address_line_2": "1 High Street", "address_line_3": "SW1A 1AA", "name": "Sam"}
ABROAD = ADDRESS | {"address_line_3": "Paris", "address_line_4": "France"}
LONG_LINK = "qr: https://example.gov.uk/" + "x" * 600


def letter(service=None, words=None, **fields):
    template = TemplateFactory(service=service or LiveServiceFactory(), channel="letter", words=words)
    values = {"template": template.pk, "personalisation": ADDRESS}
    return LetterContext(LetterRequest(service=template.service, **(values | fields)))


def refusal(check, *args):
    with pytest.raises(MessageRefused) as refused:
        check(*args)
    return refused.value


@pytest.mark.parametrize(
    ("live", "key_type", "may"),
    [(True, "normal", True), (False, "test", True), (True, "team", False), (False, "normal", False)],
)
@pytest.mark.parametrize(
    "check",
    [checks.check_may_send_letters, lambda service, key_type: checks.letters_allowed(letter(service, key_type=key_type))],
)
def test_who_may_send_letters(check, live, key_type, may):
    service = LiveServiceFactory() if live else ServiceFactory()
    if may:
        check(service, key_type)
    else:
        assert api_error(refusal(check, service, key_type)).status_code == 403


def test_an_address_abroad_needs_the_permission():
    abroad = letter(personalisation=ABROAD)
    checks.address_usable(abroad)
    assert abroad.address.is_international
    refused = refusal(checks.address_usable, letter(LiveServiceFactory(permissions=["letter"]), personalisation=ABROAD))
    assert api_error(refused).errors[0]["error"] == "ValidationError"


def test_a_qr_code_must_be_short_enough_to_scan():
    checks.qr_code_usable(letter(words={"body": "qr: https://example.gov.uk/"}))
    refused = refusal(checks.qr_code_usable, letter(words={"body": LONG_LINK}))
    assert (refused.code, refused.details["num_bytes"]) == ("qr_too_long", len(LONG_LINK) - len("qr: "))


def test_the_first_fault_in_the_list_is_the_answer():
    """Each of these letters has the faults of those after it, too."""
    nowhere = ADDRESS | {"address_line_3": "Nowhere"}
    live = LiveServiceFactory()
    cases = {
        "channel_off": letter(LiveServiceFactory(permissions=["email"]), {"body": LONG_LINK}, personalisation={}),
        "qr_too_long": letter(live, {"body": f"((name))\n\n{LONG_LINK}"}, personalisation={}, key_type="team"),
        "missing_personalisation": letter(live, personalisation={}, key_type="team"),
        "file_channel": letter(live, personalisation=nowhere | {"name": {"file": "x"}}, key_type="team"),
        "team_letter": letter(live, personalisation=nowhere, key_type="team"),
        "bad_last_line_international": letter(live, personalisation=nowhere),
    }
    assert {code: refusal(checks.check_letter, context).code for code, context in cases.items()} == {c: c for c in cases}


def test_a_template_of_another_service_is_not_found():
    with pytest.raises(TemplateNotFound):
        checks.check_letter(letter(template=TemplateFactory(channel="letter").pk))


def test_a_look_at_a_letter_leaves_out_who_may_send_it_and_nothing_else():
    trial = ServiceFactory()
    assert refusal(checks.check_letter, letter(trial)).code == "trial_letter"
    checks.check_letter(letter(trial), in_trial_too=True)
    missing = letter(trial, personalisation={})
    with pytest.raises(MessageRefused, match="Missing personalisation"):
        checks.check_letter(missing, in_trial_too=True)


def ready_made(service, content="", **fields):
    return PrecompiledRequest(service, content or base64.b64encode(b"%PDF-1.7").decode(), None, **fields)


def test_a_ready_made_letter_gives_its_file():
    assert checks.check_precompiled(ready_made(LiveServiceFactory())) == b"%PDF-1.7"


def test_ready_made_letters_are_refused_with_their_reason():
    cases = {
        "suspended": ready_made(LiveServiceFactory(suspended_at="2026-01-01T00:00:00Z", permissions=[])),
        "channel_off": ready_made(LiveServiceFactory(permissions=["email"]), key_type="team"),
        "team_letter": ready_made(LiveServiceFactory(), "%%%", key_type="team"),
        "trial_letter": ready_made(ServiceFactory(), "%%%"),
        "letter_base64": ready_made(LiveServiceFactory(), "%%%"),
    }
    assert {code: refusal(checks.check_precompiled, each).code for code, each in cases.items()} == {c: c for c in cases}
