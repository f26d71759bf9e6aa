import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.models import User
from accounts.sign_in import tokens
from audit.models import AuditEvent
from notify.lib import clock
from tests.factories.accounts import PASSWORD, SignInUserFactory, TextUserFactory

pytestmark = pytest.mark.django_db


def prove(client: Client) -> None:
    client.post("/confirm-it-is-you", {"password": PASSWORD})


def app_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def person():
    return TextUserFactory()


@pytest.fixture
def client(sign_in, person):
    return sign_in(person)


def test_the_account_page_shows_what_the_platform_knows(client, person):
    page = client.get("/your-account").content.decode()
    assert person.email in page
    assert person.mobile_number in page


def test_changing_the_name(client, person):
    client.post("/your-account/name", {"name": "Ana Lyst"})
    person.refresh_from_db()
    assert person.name == "Ana Lyst"
    assert client.post("/your-account/name", {"name": "www.evil.example"}).context["form"].errors


@pytest.mark.parametrize(
    "path", ["email", "mobile-number", "mobile-number/delete", "sign-in-method", "two-factor/app", "two-factor/passkeys/add"]
)
def test_what_matters_asks_for_the_password_first(client, path):
    answer = client.get(f"/your-account/{path}")
    assert answer.url.startswith("/confirm-it-is-you")
    prove(client)
    assert client.get(f"/your-account/{path}").status_code == 200


def test_a_new_address_is_confirmed_in_its_own_mailbox_and_the_old_one_is_told(client, person, emails):
    prove(client)
    old = person.email
    client.post("/your-account/email", {"email": "New@department.gov.uk"})
    path = emails("new@department.gov.uk").path
    Client().get(path)
    Client().head(path)
    person.refresh_from_db()
    assert person.email == old
    client.post(path)
    person.refresh_from_db()
    assert person.email == "new@department.gov.uk"
    assert list(EmailAddress.objects.filter(user=person).values_list("email", "verified", "primary")) == [
        (person.email, True, True)
    ]
    assert "was changed" in emails(old).subject


def test_a_used_an_old_and_a_forged_link_change_nothing(client, person, emails):
    prove(client)
    client.post("/your-account/email", {"email": "new@department.gov.uk"})
    path = emails("new@department.gov.uk").path
    client.post(path)
    again = client.post(path)
    assert again.status_code == 410
    assert AuditEvent.objects.filter(name="account.link_refused").count() == 1
    assert client.post(path[:-3] + "abc").status_code == 410
    assert client.get("/your-account/email/confirm/x").status_code == 410


def test_an_address_taken_meanwhile_is_refused(client, person):
    taken = SignInUserFactory()
    token = tokens.sign_email_change(tokens.EmailChange(person.pk, person.email, taken.email))
    assert client.post(f"/your-account/email/confirm/{token}").status_code == 410
    person.refresh_from_db()
    assert person.email != taken.email


def test_asking_for_a_taken_address_says_nothing_about_it(client, emails):
    taken = SignInUserFactory()
    prove(client)
    answer = client.post("/your-account/email", {"email": taken.email})
    assert "Check your email" in answer.content.decode()
    assert "already have" in emails(taken.email).subject


def test_a_private_address_is_refused(client):
    prove(client)
    assert list(client.post("/your-account/email", {"email": "me@gmail.example"}).context["form"].errors) == ["email"]


def test_a_new_number_is_proved_by_a_code(client, person, texts):
    prove(client)
    client.post("/your-account/mobile-number", {"mobile_number": "07700 900 999"})
    client.post("/your-account/mobile-number/confirm", {"code": "00000x"})
    person.refresh_from_db()
    assert person.mobile_number != "+447700900999"
    client.post("/your-account/mobile-number/confirm", {"code": texts("+447700900999").code})
    person.refresh_from_db()
    assert (person.mobile_number, person.mobile_verified) == ("+447700900999", True)


def test_five_wrong_guesses_end_the_code(client, person, texts):
    prove(client)
    client.post("/your-account/mobile-number", {"mobile_number": "07700 900 999"})
    for _ in range(5):
        client.post("/your-account/mobile-number/confirm", {"code": "00000x"})
    answer = client.post("/your-account/mobile-number/confirm", {"code": texts("+447700900999").code})
    assert answer.url == "/your-account/mobile-number"


def test_a_number_that_codes_go_to_cannot_be_removed(client, person):
    prove(client)
    assert client.post("/your-account/mobile-number/delete").status_code == 409
    client.post("/your-account/sign-in-method", {"method": "email_auth"})
    client.post("/your-account/mobile-number/delete")
    person.refresh_from_db()
    assert (person.mobile_number, person.sign_in_method) == ("", "email_auth")


def test_changing_the_password_keeps_this_browser_and_ends_the_others(client, person, sign_in):
    other = sign_in(person)
    assert client.post("/your-account/password", {"oldpassword": "wrong", "password1": "new words for it"}).status_code == 200
    client.post("/your-account/password", {"oldpassword": PASSWORD, "password1": "new words for it"})
    assert client.get("/your-account").status_code == 200
    assert other.get("/your-account").status_code == 302
    person.refresh_from_db()
    assert person.password_changed_at is not None


def test_signing_out_one_browser_and_everywhere(client, person, sign_in):
    second, third = sign_in(person), sign_in(person)
    page = client.get("/your-account/sessions")
    assert len(page.context["sessions"]) == 3
    theirs = next(s for s in page.context["sessions"] if s.session_key == second.session.session_key)
    client.post("/your-account/sessions", {"session": theirs.pk})
    assert second.get("/your-account").status_code == 302
    assert third.get("/your-account").status_code == 200
    client.post("/your-account/sessions")
    assert third.get("/your-account").status_code == 302
    assert client.get("/your-account").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(client, sign_in):
    other = sign_in(SignInUserFactory())
    theirs = UserSession.objects.get(session_key=other.session.session_key)
    assert client.post("/your-account/sessions", {"session": theirs.pk}).status_code == 404
    assert other.get("/your-account").status_code == 200


def test_the_history_shows_sign_ins(client):
    page = client.get("/your-account/history").content.decode()
    assert "signed in from 127.0.0.1 with a code by text message" in page
    assert client.get("/your-account/history?before=x").status_code == 302


def test_an_app_replaces_the_code_and_recovery_codes_work_once(client, person):
    prove(client)
    page = client.get("/your-account/two-factor/app")
    secret = re.search(r"Key: <strong[^>]*>([A-Z2-7]+)<", page.content.decode()).group(1)
    assert client.post("/your-account/two-factor/app", {"code": "000000"}).context["form"].errors
    answer = client.post("/your-account/two-factor/app", {"code": app_code(secret)})
    assert answer.url == "/your-account/two-factor/recovery-codes"
    codes = re.findall(r"<code>(\w+)</code>", client.get(answer.url).content.decode())
    assert len(codes) == 10
    person.refresh_from_db()
    assert person.sign_in_method == "totp_auth"
    assert Authenticator.objects.get(user=person, type="totp").data["secret"] != secret

    for status in (200, 302):
        browser = Client()
        assert browser.post("/sign-in", {"login": person.email, "password": PASSWORD}).url == "/two-factor/app"
        assert browser.get("/two-factor/app").status_code == 200
        browser.post("/two-factor/app", {"code": codes[0]})
        assert browser.get("/your-account").status_code == status
    for page in ("", "/app/remove", "/recovery-codes", "/recovery-codes/new", "/recovery-codes/download", "/passkeys"):
        assert client.get("/your-account/two-factor" + page).status_code == 200

    client.post("/your-account/two-factor/app/remove")
    person.refresh_from_db()
    assert person.sign_in_method == "sms_auth"


def test_a_passkey_that_is_not_one_is_refused(client):
    prove(client)
    for credential in ("", "x", "{}", "[]", '{"id": 1}'):
        answer = client.post("/your-account/two-factor/passkeys/add", {"name": "key", "credential": credential})
        assert answer.status_code == 200
        assert answer.context["form"].errors


def staff_by_email(**fields) -> User:
    return SignInUserFactory(is_staff=True, is_superuser=True, **fields)


def test_staff_who_came_with_an_email_only_are_kept_on_their_account_page(sign_in):
    person = staff_by_email()
    browser = sign_in(person)
    assert browser.get("/admin/").url == "/your-account/two-factor"
    assert browser.get("/your-services").url == "/your-account/two-factor"
    assert browser.get("/your-account/two-factor").status_code == 200
    prove(browser)
    page = browser.get("/your-account/two-factor/app")
    secret = re.search(r"Key: <strong[^>]*>([A-Z2-7]+)<", page.content.decode()).group(1)
    browser.post("/your-account/two-factor/app", {"code": app_code(secret)})
    assert browser.get("/admin/").status_code == 200
    browser.post("/your-account/two-factor/app/remove")
    assert Authenticator.objects.filter(user=person, type="totp").exists()


def test_staff_with_a_proved_number_get_a_text_whatever_they_chose(texts):
    person = staff_by_email(mobile_number="+447700900555", mobile_verified=True)
    browser = Client()
    browser.post("/sign-in", {"login": person.email, "password": PASSWORD})
    browser.post("/two-factor", {"code": texts("+447700900555").code})
    assert browser.get("/admin/").status_code == 200


def age(client: Client, **seconds: int) -> None:
    session = client.session
    for key, value in seconds.items():
        session[key] = int(time.time()) - value
    session.save()


def test_a_session_ends_after_twenty_hours(client, person):
    age(client, signed_in_at=20 * 3600 + 1)
    answer = client.get("/your-account/name")
    assert answer.url == "/sign-in?next=/your-account/name"
    assert AuditEvent.objects.filter(name="sign_in.expired", subject_id=str(person.pk)).exists()


def test_staff_are_signed_out_after_half_an_hour_of_nothing_and_polling_is_nothing(sign_in):
    staff = sign_in(TextUserFactory(is_staff=True, is_superuser=True))
    age(staff, seen_at=29 * 60)
    staff.get("/your-account", headers={"sec-fetch-mode": "cors"})
    age_now = time.time() - staff.session["seen_at"]
    assert age_now > 28 * 60
    staff.get("/your-account")
    assert time.time() - staff.session["seen_at"] < 60
    age(staff, seen_at=31 * 60)
    assert staff.get("/your-account").status_code == 302


def test_others_may_rest(client):
    age(client, seen_at=5 * 3600)
    assert client.get("/your-account").status_code == 200


def test_somebody_whose_account_is_closed_is_out_at_once(client, person):
    User.objects.filter(pk=person.pk).update(is_active=False, archived_at=clock.now())
    assert client.get("/your-account").status_code == 302
