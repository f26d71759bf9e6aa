"""Sending texts and emails: whole answers, whole refusals, in the contract's order (public-api §4)."""

import base64
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from messaging.message_templates.models import MessageTemplate
from messaging.notifications.models import Document, Notification, SendQueue, UsageCounter
from notify.lib import clock
from services.models import Service
from tests.factories.message_templates import TemplateVersionFactory
from tests.factories.services import GuestListEntryFactory, ReplyToFactory, SmsSenderFactory
from tests.helpers.api import Api, error, make_key, make_service, make_template

pytestmark = pytest.mark.django_db

SMS = "/v2/notifications/sms"
EMAIL = "/v2/notifications/email"
PHONE = "07700 900123"
ADDRESS = "Sam@example.com"


def bad(message: str) -> tuple[int, Any]:
    return error(400, "BadRequestError", message)


def sms_body(template: MessageTemplate, **more: Any) -> dict[str, Any]:
    return {"phone_number": PHONE, "template_id": str(template.pk), "personalisation": {"name": "Sam"}, **more}


def email_body(template: MessageTemplate, **more: Any) -> dict[str, Any]:
    return {"email_address": ADDRESS, "template_id": str(template.pk), "personalisation": {"name": "Sam"}, **more}


def test_a_text_is_accepted(api: Api, sms_template: MessageTemplate) -> None:
    status, answer = api.post(SMS, sms_body(sms_template, reference="r-1"))
    notification = Notification.objects.get()
    assert (status, answer) == (
        201,
        {
            "id": str(notification.pk),
            "reference": "r-1",
            "content": {"body": "Hi Sam", "from_number": "BINS"},
            "uri": f"{settings.API_BASE_URL}/v2/notifications/{notification.pk}",
            "template": {
                "id": str(sms_template.pk),
                "version": 1,
                "uri": f"{settings.API_BASE_URL}/services/{sms_template.service_id}/templates/{sms_template.pk}",
            },
            "scheduled_for": None,
        },
    )
    assert SendQueue.objects.get().pk == notification.pk
    assert api.headers["RateLimit-Limit"] == "3000"
    assert api.headers["RateLimit-Remaining-Today"] == "249999"


def test_an_email_is_accepted(api: Api, email_template: MessageTemplate) -> None:
    status, answer = api.post(EMAIL, email_body(email_template, one_click_unsubscribe_url="https://x.example/u"))
    notification = Notification.objects.get()
    assert (status, answer) == (
        201,
        {
            "id": str(notification.pk),
            "reference": None,
            "content": {
                "from_email": f"bin.days@{settings.EMAIL_DOMAIN}",
                "subject": "Hello Sam",
                "body": "Hi Sam",
                "one_click_unsubscribe_url": "https://x.example/u",
            },
            "uri": f"{settings.API_BASE_URL}/v2/notifications/{notification.pk}",
            "template": {
                "id": str(email_template.pk),
                "version": 1,
                "uri": f"{settings.API_BASE_URL}/services/{email_template.service_id}/templates/{email_template.pk}",
            },
            "scheduled_for": None,
            "sanitised_content": {},
        },
    )


def test_the_content_type_does_not_matter(api: Api, sms_template: MessageTemplate) -> None:
    assert api.post(SMS, sms_body(sms_template), **{"Content-Type": "text/plain"})[0] == 201


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'"\\ud800"', b"[NaN]", b"[" * 100_000, b"1" * 5_000])
def test_what_is_no_json_is_refused(api: Api, body: bytes) -> None:
    assert api.post(SMS, body) == bad("Invalid JSON supplied in POST data")


def test_a_null_body_is_an_empty_one(api: Api) -> None:
    assert api.post(SMS, b"null") == (
        400,
        {
            "status_code": 400,
            "errors": [
                {"error": "ValidationError", "message": "phone_number is a required property"},
                {"error": "ValidationError", "message": "template_id is a required property"},
            ],
        },
    )


def test_a_body_over_ten_megabytes_is_refused(api: Api) -> None:
    assert api.post(SMS, b" " * (10 * 1024 * 1024 + 1)) == error(
        413, "BadRequestError", "Request body is too large. It cannot be larger than 10485760 bytes."
    )


def test_templates_are_checked_in_order(api: Api, service: Service, email_template: MessageTemplate) -> None:
    template = make_template(service, "sms", body="((a)) ((b))")
    unknown = {"phone_number": PHONE, "template_id": str(uuid.uuid4())}
    foreign = make_template(make_service("Other"), "sms")
    assert api.post(SMS, unknown) == bad("Template not found")
    assert api.post(SMS, sms_body(foreign)) == bad("Template not found")
    assert api.post(SMS, sms_body(email_template)) == bad("email template is not suitable for sms notification")
    assert api.post(SMS, sms_body(template, personalisation={"A ": "x", "b": None})) == bad("Missing personalisation: b")
    MessageTemplate.objects.filter(pk=template.pk).update(archived_at=clock.now())
    assert api.post(SMS, sms_body(template)) == bad("Template has been deleted")


def test_an_empty_message_is_refused(api: Api, service: Service) -> None:
    for channel, path, body in [("sms", SMS, sms_body), ("email", EMAIL, email_body)]:
        template = make_template(service, channel, body="((name))")
        assert api.post(path, body(template, personalisation={"name": " "})) == bad("Your message is empty.")


def test_a_text_over_918_characters_is_refused(api: Api, sms_template: MessageTemplate) -> None:
    values = {"name": "x" * 916}
    assert api.post(SMS, sms_body(sms_template, personalisation=values)) == bad(
        "Your message is too long. Text messages cannot be longer than 918 characters. Your message is 919 characters long."
    )


def test_an_email_over_two_million_bytes_is_refused(api: Api, email_template: MessageTemplate) -> None:
    values = {"name": "é" * 1_000_000}
    assert api.post(EMAIL, email_body(email_template, personalisation=values)) == bad(
        "Your message is too long. Emails cannot be longer than 2000000 bytes. Your message is 2000003 bytes."
    )


def test_a_channel_that_is_off_is_refused(api: Api, service: Service, sms_template: MessageTemplate) -> None:
    Service.objects.filter(pk=service.pk).update(permissions=["letter"])
    assert api.post(SMS, sms_body(sms_template)) == bad("Service is not allowed to send text messages")
    assert api.post(EMAIL, email_body(sms_template)) == bad("Service is not allowed to send emails")


def test_senders_are_chosen_by_id(
    api: Api, service: Service, sms_template: MessageTemplate, email_template: MessageTemplate
) -> None:
    sender = SmsSenderFactory(service=service, name="07123123123")
    reply_to = ReplyToFactory(service=service, email_address="help@dept.gov.uk")
    status, answer = api.post(SMS, sms_body(sms_template, sms_sender_id=str(sender.pk)))
    assert (status, answer["content"]) == (201, {"body": "Hi Sam", "from_number": "447123123123"})
    assert api.post(EMAIL, email_body(email_template, email_reply_to_id=str(reply_to.pk)))[0] == 201
    other = str(uuid.uuid4())
    assert api.post(SMS, sms_body(sms_template, sms_sender_id=other)) == bad(
        f"sms_sender_id {other} does not exist in database for service id {service.pk}"
    )
    assert api.post(EMAIL, email_body(email_template, email_reply_to_id=other)) == bad(
        f"email_reply_to_id {other} does not exist in database for service id {service.pk}"
    )


def test_a_team_key_reaches_the_guest_list_only(
    team_api: Api, service: Service, sms_template: MessageTemplate, email_template: MessageTemplate
) -> None:
    refused = bad("Can’t send to this recipient using a team-only API key")
    assert team_api.post(SMS, sms_body(sms_template)) == refused
    assert team_api.post(EMAIL, email_body(email_template)) == refused
    GuestListEntryFactory(service=service, kind="phone", recipient=PHONE, normalised="+447700900123")
    GuestListEntryFactory(service=service, kind="email", recipient=ADDRESS, normalised="sam@example.com")
    assert team_api.post(SMS, sms_body(sms_template))[0] == 201
    assert team_api.post(EMAIL, email_body(email_template))[0] == 201


def test_a_trial_service_reaches_its_team_only() -> None:
    service = make_service("On trial", live=False)
    api = Api(make_key(service))
    assert api.post(SMS, sms_body(make_template(service, "sms"))) == bad(
        "Can’t send to this recipient when service is in trial mode – see https://www.notifications.service.gov.uk/trial-mode"
    )


def test_a_bad_template_beats_a_disallowed_recipient(team_api: Api) -> None:
    assert team_api.post(SMS, {"phone_number": PHONE, "template_id": str(uuid.uuid4())}) == bad("Template not found")


def test_numbers_abroad_need_permission(api: Api, service: Service, sms_template: MessageTemplate) -> None:
    Service.objects.filter(pk=service.pk).update(permissions=["sms"])
    abroad = sms_body(sms_template, phone_number="+14158961600")
    assert api.post(SMS, abroad) == bad("Cannot send to international mobile numbers")
    landline = sms_body(sms_template, phone_number="01709510122")
    assert api.post(SMS, landline) == error(400, "InvalidPhoneError", "Not a UK mobile number")
    assert api.post(SMS, sms_body(sms_template, phone_number="07797 721500"))[0] == 201  # Jersey


@pytest.mark.parametrize("number", ["07700900000", "+44 7700 900111", "07700-900-222"])
def test_simulated_numbers_leave_nothing_behind(api: Api, sms_template: MessageTemplate, number: str) -> None:
    status, answer = api.post(SMS, sms_body(sms_template, phone_number=number))
    assert (status, answer["content"]["body"]) == (201, "Hi Sam")
    assert not Notification.objects.exists()
    assert not UsageCounter.objects.exists()
    assert api.get(f"/v2/notifications/{answer['id']}") == error(404, "NoResultFound", "No result found")


def test_simulated_addresses_leave_nothing_behind(api: Api, email_template: MessageTemplate) -> None:
    address = "Simulate-Delivered-2@notifications.service.gov.uk"
    assert api.post(EMAIL, email_body(email_template, email_address=address))[0] == 201
    assert not Notification.objects.exists()


def test_the_daily_limit_holds_for_everybody_but_test_keys(
    api: Api, test_api: Api, service: Service, sms_template: MessageTemplate
) -> None:
    Service.objects.filter(pk=service.pk).update(sms_limit_override=1)
    refused = error(429, "TooManyRequestsError", "Exceeded send limits (sms: 1) for today")
    assert api.post(SMS, sms_body(sms_template))[0] == 201
    assert api.post(SMS, sms_body(sms_template)) == refused
    assert 0 < int(api.headers["Retry-After"]) <= 86_400
    assert api.post(SMS, b"{") == refused
    assert api.post(SMS, sms_body(sms_template, phone_number="07700900000")) == refused
    assert test_api.post(SMS, sms_body(sms_template))[0] == 201


def test_international_texts_have_a_limit_of_their_own(api: Api, service: Service, sms_template: MessageTemplate) -> None:
    Service.objects.filter(pk=service.pk).update(international_sms_limit_override=0)
    assert api.post(SMS, sms_body(sms_template, phone_number="+14158961600")) == error(
        429, "TooManyRequestsError", "Exceeded send limits (international_sms: 0) for today"
    )
    assert UsageCounter.objects.count() == 0


def test_the_rate_limit_comes_first(api: Api, test_api: Api, service: Service) -> None:
    Service.objects.filter(pk=service.pk).update(rate_limit_per_minute=3)
    assert api.post(SMS, b"{")[0] == 400
    assert api.post(SMS, b"{") == error(
        429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3 requests per 60 seconds"
    )
    assert api.headers["RateLimit-Remaining"] == "0"
    assert 0 < int(api.headers["Retry-After"]) <= 20
    assert test_api.post(SMS, b"{")[0] == 400
    assert api.get("/v2/notifications")[0] == 200


def test_named_values_are_sanitised(api: Api, service: Service) -> None:
    template = make_template(service, "email", subject="For ((first name))", body="Hi ((first name)) ((other))")
    values = {"First_Name": "[x](https://evil.link)", "other": "a.b", "more": 5}
    body = email_body(template, personalisation=values, sanitise_content_for=["first name", "more", "none", 5])
    status, answer = api.post(EMAIL, body)
    assert status == 201
    assert answer["sanitised_content"] == {
        "First_Name": {"unsanitised": "[x](https://evil.link)", "sanitised": "\\[x\\]\\(\\)"}
    }
    assert answer["content"]["body"] == "Hi \\[x\\]\\(\\) a.b"


def test_a_scheduled_text_waits_and_can_be_cancelled(api: Api, sms_template: MessageTemplate) -> None:
    moment = clock.now() + timedelta(hours=2)
    status, answer = api.post(SMS, sms_body(sms_template, scheduled_for=moment.isoformat()))
    assert (status, answer["scheduled_for"]) == (201, clock.wire(moment))
    assert SendQueue.objects.get().not_before == moment
    status, answer = api.post(f"/v2/notifications/{answer['id']}/cancel")
    assert (status, answer["status"]) == (200, "cancelled")
    assert not SendQueue.objects.exists()
    assert UsageCounter.objects.get().used == 0
    assert api.post(f"/v2/notifications/{answer['id']}/cancel") == error(
        409, "BadRequestError", "Only a scheduled notification can be cancelled"
    )


def test_a_text_without_a_time_cannot_be_cancelled(api: Api, sms_template: MessageTemplate) -> None:
    _, answer = api.post(SMS, sms_body(sms_template))
    assert api.post(f"/v2/notifications/{answer['id']}/cancel")[0] == 409


def file(**more: Any) -> dict[str, Any]:
    return {"file": base64.b64encode(b"a,b\n1,2").decode(), **more}


def test_a_file_becomes_a_link(api: Api, service: Service, email_template: MessageTemplate) -> None:
    Service.objects.filter(pk=service.pk).update(contact_link="https://dept.gov.uk/contact")
    values = {"name": file(filename="bins.csv", retention_period="4 weeks", confirm_email_before_download=None)}
    status, answer = api.post(EMAIL, email_body(email_template, personalisation=values))
    document = Document.objects.get()
    assert status == 201
    assert answer["content"]["body"].startswith(f"Hi {settings.BASE_URL}/d/{document.pk}/")
    assert (document.filename, document.mime_type, document.size) == ("bins.csv", "text/csv", 7)
    assert document.email_hash is not None
    assert timedelta(weeks=4) - (document.expires_at - document.created_at) < timedelta(minutes=1)


def test_a_refused_email_leaves_no_file_behind(api: Api, service: Service, email_template: MessageTemplate) -> None:
    Service.objects.filter(pk=service.pk).update(contact_link="https://dept.gov.uk/contact", email_limit_override=0)
    assert api.post(EMAIL, email_body(email_template, personalisation={"name": file()}))[0] == 429
    assert not Document.objects.exists()


def test_files_need_contact_details(api: Api, service: Service, email_template: MessageTemplate) -> None:
    body = email_body(email_template, personalisation={"name": "x", "unused": file()})
    assert api.post(EMAIL, body) == bad(
        "Send files by email has not been set up - add contact details for your service at "
        f"{settings.BASE_URL}/services/{service.pk}/service-settings/send-files-by-email"
    )


def test_the_faults_of_a_file_are_told_together(api: Api, email_template: MessageTemplate) -> None:
    value = {"file": 5, "x": 1, "filename": "none", "is_csv": "yes"}
    status, answer = api.post(EMAIL, email_body(email_template, personalisation={"name": value}))
    assert (status, [e["message"] for e in answer["errors"]]) == (
        400,
        [
            "Additional properties are not allowed (x was unexpected)",
            "file 5 is not of type string",
            "is_csv Unsupported value for is_csv: yes. Use a boolean true or false value.",
            "filename `filename` must end with a file extension. For example, filename.csv",
            "Do not set a value for `is_csv` if `filename` is set.",
        ],
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (file(filename="a.exe"), "Unsupported file type 'exe'. Supported types are: "),
        (file(filename="a" * 100 + ".csv"), "filename cannot be longer than 100 characters"),
        ({"file": "é"}, "Cannot decode file (invalid base64 encoding)"),
        ({"file": base64.b64encode(b"x" * 2_097_153).decode()}, "File is larger than 2MB"),
    ],
)
def test_files_that_are_refused(
    api: Api, service: Service, email_template: MessageTemplate, value: dict[str, Any], message: str
) -> None:
    Service.objects.filter(pk=service.pk).update(contact_link="https://dept.gov.uk/contact")
    status, answer = api.post(EMAIL, email_body(email_template, personalisation={"name": value}))
    assert status == 400
    assert answer["errors"][0]["message"].startswith(message)
    assert not Document.objects.exists()


def test_a_file_in_a_text_is_refused(api: Api, sms_template: MessageTemplate) -> None:
    assert api.post(SMS, sms_body(sms_template, personalisation={"name": file()})) == bad("Can only send a file by email")


def test_scopes_limit_a_key(service: Service, sms_template: MessageTemplate, email_template: MessageTemplate) -> None:
    api = Api(make_key(service, scopes=["send_email"]))
    assert api.post(EMAIL, email_body(email_template))[0] == 201
    assert api.post(SMS, sms_body(sms_template)) == error(403, "AuthError", "This API key does not have the scope send_sms")
    assert api.get("/v2/notifications")[0] == 403
    assert api.get("/v2/templates")[0] == 200


def test_another_version_is_sent_once_it_is_published(api: Api, sms_template: MessageTemplate) -> None:
    author = sms_template.versions.get().created_by
    TemplateVersionFactory(template=sms_template, number=2, name="x", body="Bye ((name))", created_by=author)
    MessageTemplate.objects.filter(pk=sms_template.pk).update(version=2)
    status, answer = api.post(SMS, sms_body(sms_template))
    assert (status, answer["content"]["body"], answer["template"]["version"]) == (201, "Bye Sam", 2)


def test_a_text_costs_one_query_once_the_caches_are_warm(
    api: Api, sms_template: MessageTemplate, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.CACHE_SECONDS = 60
    api.post(SMS, sms_body(sms_template))
    with django_assert_num_queries(1):
        assert api.post(SMS, sms_body(sms_template))[0] == 201


@pytest.mark.django_db(transaction=True)
def test_the_daily_limit_is_exact_at_any_concurrency() -> None:
    service = make_service("Rush", sms_limit_override=5)
    key, template = make_key(service), make_template(service, "sms")
    start = Barrier(12)

    def post() -> int:
        try:
            start.wait()
            return Api(key).post(SMS, sms_body(template))[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = sorted(future.result() for future in [pool.submit(post) for _ in range(12)])
    assert answers == [201] * 5 + [429] * 7
    assert Notification.objects.count() == 5
    assert UsageCounter.objects.get().used == 5


def test_a_service_that_switched_files_off_sends_none(api: Api, service: Service, email_template: MessageTemplate) -> None:
    permissions = [one for one in service.permissions if one != "send_files_via_ui"]
    Service.objects.filter(pk=service.pk).update(contact_link="https://dept.gov.uk/contact", permissions=permissions)
    answer = api.post(EMAIL, email_body(email_template, personalisation={"name": file()}))
    assert answer == bad("Service is not allowed to send files")
    assert not Document.objects.exists()
