"""The one ordered list of checks of a send."""

import pytest

from messaging.message_templates.refusals import TemplateNotFound
from messaging.notifications.actions import checks
from messaging.notifications.actions.accept import preview
from messaging.notifications.actions.checks import MessageRequest
from messaging.notifications.models import Notification
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import read_recipient
from tests.factories.message_templates import TemplateFactory
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


def test_a_preview_writes_nothing_and_is_what_would_be_sent():
    service = LiveServiceFactory()
    ready = preview(wanted(service, TemplateFactory(service=service)))
    assert ready.rendered == ("Hi Sam", None)
    assert Notification.objects.count() == 0


def test_the_list_begins_with_what_is_the_same_for_a_batch():
    assert [check.__name__ for check in checks.OF_THE_BATCH] == ["active", "channel_on", "template_usable"]
