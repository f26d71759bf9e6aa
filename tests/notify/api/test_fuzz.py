"""Whatever is sent, the answer is one of the contract's: never a 500, always its shape."""

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.message_templates.models import MessageTemplate
from tests.helpers.api import Api

pytestmark = pytest.mark.django_db

QUIET = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
FIELDS = {
    "sms": ("phone_number", "template_id", "personalisation", "reference", "scheduled_for", "sms_sender_id"),
    "email": (
        "email_address", "template_id", "personalisation", "reference", "scheduled_for", "email_reply_to_id",
        "one_click_unsubscribe_url", "sanitise_content_for",
    ),
    "letter": ("template_id", "personalisation", "reference", "content", "postage"),
    "bulk": ("template_id", "notifications", "scheduled_for", "sanitise_content_for"),
}  # fmt: skip


def check(status: int, answer: Any) -> None:
    assert 200 <= status < 500
    if status >= 400:
        assert set(answer) == {"status_code", "errors"}
        assert answer["status_code"] == status
        assert all(set(entry) >= {"error", "message"} for entry in answer["errors"])


@QUIET
@given(channel=st.sampled_from(sorted(FIELDS)), data=st.data())
def test_sends_survive_anything(
    api: Api,
    sms_template: MessageTemplate,
    email_template: MessageTemplate,
    letter_template: MessageTemplate,
    data: Any,
    channel: str,
) -> None:
    template = {"sms": sms_template, "email": email_template, "letter": letter_template, "bulk": sms_template}[channel]
    good = {
        "phone_number": "07700900123",
        "email_address": "a@example.com",
        "template_id": str(template.pk),
        "personalisation": {
            "name": data.draw(JSON), "address_line_1": "A", "address_line_2": "B", "postcode": "SW1A 1AA",
        },
        "notifications": data.draw(st.lists(JSON, max_size=3)),
    }  # fmt: skip
    body = {field: good[field] for field in FIELDS[channel] if field in good and data.draw(st.booleans())}
    body |= data.draw(st.dictionaries(st.sampled_from(FIELDS[channel]), JSON, max_size=2))
    check(*api.post(f"/v2/notifications/{channel}", body))


@QUIET
@given(body=st.binary(max_size=50) | JSON, path=st.sampled_from(["sms", "email", "letter", "bulk"]))
def test_bodies_of_any_kind_are_answered(api: Api, body: Any, path: str) -> None:
    check(*api.post(f"/v2/notifications/{path}", body))


@QUIET
@given(name=TEXT, values=JSON)
def test_previews_survive_anything(api: Api, email_template: MessageTemplate, name: str, values: Any) -> None:
    check(*api.post(f"/v2/template/{email_template.pk}/preview", {"personalisation": values, name: 1}))
    check(*api.post(f"/v2/template/{email_template.pk}/preview", {"personalisation": {"name": values}}))


@QUIET
@given(
    header=st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=60)
    | st.builds(lambda parts: "Bearer " + ".".join(parts), st.lists(st.text("abcXYZ09-_=", max_size=20), max_size=4))
)
def test_tokens_of_any_kind_are_refused(api: Api, header: str) -> None:
    status, answer = api.get("/v2/templates", Authorization=header)
    assert status in (401, 403)
    check(status, answer)


@QUIET
@given(query=st.dictionaries(st.sampled_from(["status", "reference", "older_than", "include_jobs", "page"]), TEXT))
def test_queries_of_any_kind_are_answered(api: Api, query: dict[str, str]) -> None:
    check(*api.get(f"/v2/notifications?{urlencode(query)}"))
