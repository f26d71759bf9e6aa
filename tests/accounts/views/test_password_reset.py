import pytest
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from notify.lib import clock
from tests.factories.accounts import PASSWORD, SignInUserFactory, TextUserFactory

pytestmark = pytest.mark.django_db

NEW = "another four random words"


def ask(email: str) -> Client:
    client = Client()
    assert client.post("/forgot-password", {"email": email}).url == "/forgot-password/sent"
    return client


def choose(client: Client, path: str, password: str = NEW):
    form = client.get(path)
    return client.post(form.url, {"password1": password}) if form.status_code == 302 else form


def test_a_new_password_does_not_pass_the_second_factor_by(emails, texts):
    person = TextUserFactory()
    client = ask(person.email)
    assert choose(client, emails(person.email).path).url == "/new-password/done"
    assert client.get("/your-account").status_code == 302
    assert client.post("/sign-in", {"login": person.email, "password": NEW}).url == "/two-factor"
    assert client.get("/your-account").status_code == 302


def test_it_unlocks_the_account_and_signs_it_out_everywhere(emails, sign_in):
    person = SignInUserFactory()
    elsewhere = sign_in(person)
    User.objects.filter(pk=person.pk).update(failed_sign_ins=10, last_failure_at=clock.now())
    client = ask(person.email)
    choose(client, emails(person.email).path)
    assert elsewhere.get("/your-account").status_code == 302
    assert client.post("/sign-in", {"login": person.email, "password": NEW}).url == "/two-factor"
    assert AuditEvent.objects.filter(name="account.password_reset", subject_id=str(person.pk)).exists()


def test_unknown_addresses_get_the_same_page_and_another_email(emails):
    ask("nobody@department.gov.uk")
    assert "no" in emails("nobody@department.gov.uk").subject


def test_a_link_works_once_and_scanners_do_not_use_it_up(emails):
    person = SignInUserFactory()
    client, scanner = ask(person.email), Client()
    path = emails(person.email).path
    scanner.get(path, follow=True)
    scanner.head(path)
    choose(client, path)
    again = choose(Client(), path)
    assert "does not work" in again.content.decode()


def test_a_weak_password_is_refused_beside_its_field(emails):
    person = SignInUserFactory()
    answer = choose(ask(person.email), emails(person.email).path, "password")
    assert list(answer.context["form"].errors) == ["password1"]
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.parametrize("path", ["/new-password/zzz/abc-def", "/new-password/1/x", "/new-password/%00/x"])
def test_made_up_links_show_a_helpful_page(path):
    answer = Client().get(path)
    assert answer.status_code in (200, 404)


def test_links_are_made_of_the_configured_address(emails, settings):
    person = SignInUserFactory()
    Client(HTTP_HOST="evil.example").post("/forgot-password", {"email": person.email})
    assert settings.BASE_URL in emails(person.email).found[0].text
    assert "evil" not in emails(person.email).found[0].text
