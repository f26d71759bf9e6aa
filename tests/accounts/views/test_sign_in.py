from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from notify.lib import clock, crypto
from tests.factories.accounts import PASSWORD, AuthenticatorFactory, SignInUserFactory, TextUserFactory

pytestmark = pytest.mark.django_db


def is_in(client: Client) -> bool:
    return client.get("/your-account").status_code == 200


def events(person: User) -> list[str]:
    return list(AuditEvent.objects.filter(subject_id=str(person.pk)).order_by("pk").values_list("name", flat=True))


def test_password_and_a_code_by_text_sign_in(sign_in):
    person = TextUserFactory()
    client = sign_in(person)
    assert is_in(client)
    assert events(person) == ["sign_in.succeeded"]


def test_password_and_a_code_by_email_sign_in(sign_in):
    person = SignInUserFactory()
    assert is_in(sign_in(person))
    person.refresh_from_db()
    assert person.email_access_validated_at is not None


def test_the_password_alone_does_not_sign_in():
    person = TextUserFactory()
    client = Client()
    assert client.post("/sign-in", {"login": person.email, "password": PASSWORD}).url == "/two-factor"
    assert not is_in(client)


def test_unknown_wrong_and_locked_get_the_same_page():
    known, locked = SignInUserFactory(), SignInUserFactory(failed_sign_ins=10, last_failure_at=clock.now())
    pages = []
    for email, password in (("nobody@x.gov.uk", "x" * 9), (known.email, "x" * 9), (locked.email, PASSWORD)):
        answer = Client().post("/sign-in", {"login": email, "password": password})
        assert answer.status_code == 200
        pages.append(answer.context["form"].errors.as_json())
    assert pages[0] == pages[1] == pages[2]
    assert "incorrect" in pages[0]


def test_ten_wrong_passwords_lock_the_account_and_half_an_hour_opens_it(sign_in):
    person = SignInUserFactory()
    for _ in range(10):
        Client().post("/sign-in", {"login": person.email, "password": "wrong-password"})
    assert Client().post("/sign-in", {"login": person.email, "password": PASSWORD}).status_code == 200
    assert events(person) == ["sign_in.failed"] * 10 + ["sign_in.locked"]
    User.objects.filter(pk=person.pk).update(last_failure_at=clock.now() - timedelta(minutes=31))
    assert is_in(sign_in(person))


def test_ten_wrong_codes_lock_the_codes_even_over_several_sign_ins(emails):
    person = SignInUserFactory()
    wrong = 0
    for _ in range(4):
        client = Client()
        client.post("/sign-in", {"login": person.email, "password": PASSWORD})
        for _ in range(3):
            client.post("/two-factor", {"code": "0000x"})
            wrong += 1
    client = Client()
    client.post("/sign-in", {"login": person.email, "password": PASSWORD})
    client.post("/two-factor", {"code": emails(person.email).code})
    assert not is_in(client)
    assert events(person).count("sign_in.code_failed") == 10


def test_a_code_of_another_sign_in_is_refused(emails):
    person = SignInUserFactory()
    first, second = Client(), Client()
    first.post("/sign-in", {"login": person.email, "password": PASSWORD})
    old = emails(person.email).code
    second.post("/sign-in", {"login": person.email, "password": PASSWORD})
    if emails(person.email).code != old:
        second.post("/two-factor", {"code": old})
        assert not is_in(second)


def test_link_scanners_do_not_use_up_the_link_and_its_button_signs_in(emails):
    person = SignInUserFactory()
    client, scanner = Client(), Client()
    client.post("/sign-in", {"login": person.email, "password": PASSWORD})
    path = emails(person.email).path
    assert scanner.get(path).status_code == 410
    assert scanner.head(path).status_code == 410
    page = client.get(path)
    assert page.status_code == 200
    assert client.head(path).status_code == 200
    client.post("/two-factor", {"code": page.context["code"]})
    assert is_in(client)


def test_a_tampered_link_shows_a_helpful_page():
    answer = Client().get("/two-factor/link/abc:def:ghi")
    assert answer.status_code == 410
    assert "does not work" in answer.content.decode()


def test_without_a_text_provider_the_code_goes_by_email_and_the_page_says_so(monkeypatch, emails):
    monkeypatch.setattr("accounts.emails.text_senders", [])
    person = TextUserFactory()
    client = Client()
    client.post("/sign-in", {"login": person.email, "password": PASSWORD})
    assert "does not send codes by text message" in client.get("/two-factor").content.decode()
    client.post("/two-factor", {"code": emails(person.email).code})
    assert is_in(client)


def test_a_number_that_was_never_proved_may_be_passed_by_with_an_email(emails):
    person = TextUserFactory(mobile_verified=False)
    client = Client()
    client.post("/sign-in", {"login": person.email, "password": PASSWORD})
    client.post("/two-factor/by-email")
    client.post("/two-factor", {"code": emails(person.email).code})
    assert is_in(client)


def test_a_proved_number_cannot_be_passed_by(emails):
    person = TextUserFactory()
    client = Client()
    client.post("/sign-in", {"login": person.email, "password": PASSWORD})
    client.post("/two-factor/by-email")
    assert len(emails(person.email)) == 0


def test_every_ninety_days_the_mailbox_is_proved_too(emails, texts):
    person = TextUserFactory(email_access_validated_at=clock.now() - timedelta(days=91))
    client = Client()
    client.post("/sign-in", {"login": person.email, "password": PASSWORD})
    answer = client.post("/two-factor", {"code": texts(person.mobile_number).code})
    assert answer.url == "/prove-email"
    assert not is_in(client)
    assert client.get("/prove-email").status_code == 200
    client.post("/prove-email", {"code": emails(person.email).code})
    assert is_in(client)
    person.refresh_from_db()
    assert clock.now() - person.email_access_validated_at < timedelta(minutes=1)
    assert events(person) == ["account.email_proved", "sign_in.succeeded"]


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "https://evil.example/x",
    ],
)
def test_next_leads_only_to_this_site(target, emails):
    person = SignInUserFactory()
    client = Client()
    client.post(f"/sign-in?next={target}", {"login": person.email, "password": PASSWORD, "next": target})
    answer = client.post("/two-factor", {"code": emails(person.email).code})
    assert answer.url == "/your-services"


def test_next_is_carried_through_every_step(emails):
    person = SignInUserFactory()
    client = Client()
    client.post("/sign-in", {"login": person.email, "password": PASSWORD, "next": "/your-account/name"})
    assert client.post("/two-factor", {"code": emails(person.email).code}).url == "/your-account/name"


def test_the_session_key_changes_at_sign_in(emails):
    person = SignInUserFactory()
    client = Client()
    client.post("/sign-in", {"login": person.email, "password": PASSWORD})
    before = client.session.session_key
    client.post("/two-factor", {"code": emails(person.email).code})
    assert client.session.session_key != before


def test_a_replayed_cookie_is_worth_nothing_after_signing_out(sign_in):
    client = sign_in(SignInUserFactory())
    cookie = client.cookies["notify_session"].value
    client.post("/sign-out")
    replay = Client()
    replay.cookies["notify_session"] = cookie
    assert not is_in(replay)


def test_ten_wrong_codes_of_an_app_lock_the_codes():
    person = SignInUserFactory()
    AuthenticatorFactory(user=person, data={"secret": crypto.encrypt("A" * 32).decode()})
    client = Client()
    client.post("/sign-in", {"login": person.email, "password": PASSWORD})
    for _ in range(11):
        cache.clear()  # the library's own limit, five in five minutes, would come first
        answer = client.post("/two-factor/app", {"code": "abcdef"})
    assert "Too many wrong codes" in answer.content.decode()
    assert events(person) == ["sign_in.code_failed"] * 10 + ["sign_in.locked"]


def test_behind_a_proxy_people_are_known_by_the_address_it_saw(settings, sign_in):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    person = SignInUserFactory()
    client = Client(headers={"x-forwarded-for": "1.2.3.4, 198.51.100.7"})
    sign_in(person, client)
    assert AuditEvent.objects.get(name="sign_in.succeeded").data["ip"] == "198.51.100.7"


def test_too_many_sign_ins_from_one_address_are_told_to_wait():
    for _ in range(31):
        answer = Client().post("/sign-in", {"login": "x@y.gov.uk", "password": "wrong-password"})
    assert answer.status_code == 429
    assert "Too many requests" in answer.content.decode()
