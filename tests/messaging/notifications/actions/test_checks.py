"""The one ordered list of checks of a send."""

import pytest

from messaging.message_templates.refusals import TemplateNotFound
from messaging.notifications.actions import checks
from messaging.notifications.actions.accept import preview
from messaging.notifications.actions.checks import MessageRequest, SendContext
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import read_recipient
from notify.lib.ids import uuid7
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import SuppressionFactory
from tests.factories.services import LiveServiceFactory

pytestmark = pytest.mark.django_db


def wanted(service, template, **fields):
    values = {
        "service": service,
        "channel": "sms",
        "template": template.pk,
        "recipient": read_recipient("sms", "07700900123"),
        "personalisation": {"name": "Sam"},
    }
    return MessageRequest(**(values | fields))


def test_the_first_fault_in_the_list_is_the_answer():
    service = LiveServiceFactory(permissions=[], suspended_at="2026-01-01T00:00:00Z", sms_limit_override=0)
    template = TemplateFactory(service=service, archived_at="2026-01-01T00:00:00Z")
    abroad = read_recipient("sms", "+33 6 12 34 56 78")
    request = wanted(service, template, personalisation={}, recipient=abroad, key_type="team")
    codes = []
    mend = {
        "suspended": lambda: setattr(service, "suspended_at", None),
        "channel_off": lambda: setattr(service, "permissions", ["sms"]),
        "template_archived": lambda: type(template).objects.update(archived_at=None),
        "missing_personalisation": lambda: request.personalisation.update(name="x" * 1000),
    }
    for mended in mend.values():
        with pytest.raises(MessageRefused) as caught:
            preview(request)
        codes.append(caught.value.code)
        mended()
    with pytest.raises(MessageRefused, match="team-only"):
        preview(request)
    assert codes == list(mend)


def test_a_template_of_another_service_is_not_found():
    with pytest.raises(TemplateNotFound):
        preview(wanted(LiveServiceFactory(), TemplateFactory()))


def test_the_list_begins_with_what_is_the_same_for_a_batch():
    assert [check.__name__ for check in checks.OF_THE_BATCH] == ["active", "channel_on", "template_usable"]


def context(service=None, recipient="07700900123", suppressed=None, template=None, **fields):
    service = service or {}
    template = TemplateFactory(service=LiveServiceFactory(**service), **(template or {}))
    request = wanted(template.service, template, recipient=read_recipient("sms", recipient), **fields)
    return SendContext(request, suppressed=suppressed)


@pytest.mark.parametrize(
    ("check", "fields", "code"),
    [
        (checks.active, {"service": {"suspended_at": "2026-01-01T00:00:00Z"}}, "suspended"),
        (checks.channel_on, {"service": {"permissions": ["email"]}}, "channel_off"),
        (checks.template_usable, {"channel": "email"}, "template_channel"),
        (checks.template_usable, {"template": {"archived_at": "2026-01-01T00:00:00Z"}}, "template_archived"),
        (checks.values_complete, {"personalisation": {}}, "missing_personalisation"),
        (checks.values_complete, {"template": {"words": {"body": "((name))"}}, "personalisation": {"name": ""}}, "empty"),
        (checks.files_by_email_only, {"personalisation": {"name": {"file": "x"}}}, "file_channel"),
        (checks.sender_known, {"sms_sender_id": uuid7()}, "sms_sender"),
        (checks.sender_known, {"channel": "email", "email_reply_to_id": uuid7()}, "email_reply_to"),
        (checks.recipient_allowed, {"key_type": "team"}, "team_only"),
        (checks.country_allowed, {"recipient": "+33 6 12 34 56 78", "service": {"permissions": ["sms"]}}, "international"),
        (checks.country_allowed, {"recipient": "020 7946 0123"}, "landline"),
        (checks.not_too_long, {"personalisation": {"name": "x" * 1000}}, "too_long"),
    ],
)
def test_a_message_is_refused_with_its_reason(check, fields, code):
    check(context())
    with pytest.raises(MessageRefused) as refused:
        check(context(**fields))
    assert refused.value.code == code


def test_a_text_that_is_blank_with_its_values_is_refused():
    with pytest.raises(MessageRefused) as refused:
        checks.not_too_long(context(template={"words": {"body": "((name))"}}, personalisation={"name": " "}))
    assert refused.value.code == "empty"


def test_an_email_is_refused_over_two_megabytes():
    template = {"channel": "email"}
    most = checks.MAX_EMAIL_BYTES - len("Hi ")
    checks.not_too_long(context(template=template, channel="email", personalisation={"name": "x" * most}))
    with pytest.raises(MessageRefused) as refused:
        checks.not_too_long(context(template=template, channel="email", personalisation={"name": "x" * (most + 1)}))
    assert refused.value.code == "too_long"


def test_a_batch_brings_its_own_list_of_people_not_to_contact():
    known = context()
    checks.not_suppressed(known)
    SuppressionFactory(service=known.service, channel="sms", recipient="+447700900123")
    checks.not_suppressed(SendContext(known.request, suppressed=()))
    for suppressed in (None, {known.recipient.hash}):
        with pytest.raises(MessageRefused) as refused:
            checks.not_suppressed(SendContext(known.request, suppressed=suppressed))
        assert refused.value.code == "suppressed"


def test_files_become_links_that_may_be_links_in_the_email():
    def attach(values, recipient):
        assert recipient.raw == "07700900123"
        return {**values, "file": "https://x.example/f"}

    without = context()
    checks.files_stored(without)
    assert (without.personalisation, without.formatted) == ({"name": "Sam"}, ())
    values = {"name": "Sam", "file": {"file": "x"}}
    ready = context(personalisation=values, formatted=["name"], attach_files=attach)
    checks.files_stored(ready)
    assert ready.personalisation == {"name": "Sam", "file": "https://x.example/f"}
    assert ready.formatted == ["name", "file"]


def test_the_checks_of_a_batch_and_those_of_each_message_are_two_lists():
    bad = context({"suspended_at": "2026-01-01T00:00:00Z"}, personalisation={})
    for check, code in ((checks.check_batch, "suspended"), (checks.check_message, "missing_personalisation")):
        with pytest.raises(MessageRefused) as refused:
            check(bad)
        assert refused.value.code == code
