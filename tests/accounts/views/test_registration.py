import pytest
from django.core import signing
from django.test import Client

from accounts.email_domains import is_public_sector_email
from accounts.models import User
from audit.models import AuditEvent
from organisations.actions import members as organisation_members
from services.actions import members
from tests.factories.accounts import PASSWORD, SignInUserFactory
from tests.factories.organisations import OrganisationFactory

pytestmark = pytest.mark.django_db

ANA = {"name": "Ana Lyst", "email": "ana@department.gov.uk", "mobile_number": "07700 900 123", "password1": PASSWORD}


def register(client: Client, **changes: str):
    return client.post("/register", {**ANA, **changes})


def test_registering_sends_a_link_whose_button_leads_on_to_the_text_code(emails, texts):
    client = Client()
    assert register(client).url == "/registration-continue"
    assert client.get("/registration-continue").status_code == 200
    path = emails(ANA["email"]).path
    assert client.get(path).status_code == 200
    assert client.get("/your-account").status_code == 302
    assert client.post(path).url == "/two-factor"
    client.post("/two-factor", {"code": texts("+447700900123").code})
    assert client.get("/your-account").status_code == 200
    ana = User.objects.get(email=ANA["email"])
    assert (ana.name, ana.mobile_number, ana.mobile_verified) == ("Ana Lyst", "+447700900123", True)
    assert ana.email_access_validated_at is not None
    names = AuditEvent.objects.filter(subject_id=str(ana.pk)).order_by("pk").values_list("name", flat=True)
    assert list(names) == ["account.registered", "account.email_confirmed", "sign_in.succeeded"]


def test_a_link_scanner_does_not_use_up_the_link(emails):
    client, scanner = Client(), Client()
    register(client)
    path = emails(ANA["email"]).path
    scanner.get(path)
    scanner.head(path)
    assert client.post(path).url == "/two-factor"


def test_an_address_with_an_account_gets_a_note_and_the_page_is_the_same(emails):
    SignInUserFactory(email=ANA["email"])
    answer = register(Client())
    assert answer.url == "/registration-continue"
    assert User.objects.filter(email=ANA["email"]).count() == 1
    assert "already have" in emails(ANA["email"]).subject


def test_signing_in_before_the_address_is_confirmed_sends_the_link_again(emails):
    register(Client())
    answer = Client().post("/sign-in", {"login": ANA["email"], "password": PASSWORD})
    assert answer.url == "/registration-continue"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "ana@gmail.example"}, "email"),
        ({"email": "ana@evilgov.uk.example"}, "email"),
        ({"email": "ana"}, "email"),
        ({"name": "See https://evil.example"}, "name"),
        ({"name": ""}, "name"),
        ({"mobile_number": "123"}, "mobile_number"),
        ({"mobile_number": "0909 879 0000"}, "mobile_number"),
        ({"mobile_number": ""}, "mobile_number"),
        ({"password1": "sevench"}, "password1"),
        ({"password1": "password123"}, "password1"),
        ({"password1": "notify12"[:6] + "ab"}, "password1"),
        ({"password1": "x" * 256}, "password1"),
        ({"email": "ana\x00@department.gov.uk"}, "email"),
    ],
)
def test_bad_input_stands_beside_its_field(changes, field):
    answer = register(Client(), **changes)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]


def test_passwords_that_share_their_first_72_bytes_differ():
    person = SignInUserFactory()
    person.set_password("a" * 80 + "1")
    assert not person.check_password("a" * 80 + "2")


def test_a_tampered_or_old_link_shows_a_helpful_page():
    for key in ("abc", signing.dumps(12345, salt="account"), "x:y:z"):
        answer = Client().get(f"/verify-email/{key}")
        assert answer.status_code == 200
        assert "does not work" in answer.content.decode()
        assert Client().post(f"/verify-email/{key}").status_code in (200, 302, 404)


def invitation_path(emails, service, manager, to: str) -> str:
    members.invite(service, email=to, permissions=["view_activity"], by=manager)
    return emails(to).path


def test_an_invitation_lets_any_address_in_and_proves_it(emails, texts, organisation_invitation):
    path, address = organisation_invitation
    client = Client()
    register_page = client.get(path)
    assert register_page.url.startswith("/register?next=")
    page = client.get(register_page.url)
    assert page.context["form"].fields["email"].disabled
    answer = client.post(register_page.url, {**ANA, "email": "other@department.gov.uk", "next": path})
    assert answer.url == "/two-factor"
    answer = client.post("/two-factor", {"code": texts("+447700900123").code})
    assert answer.url == path
    assert User.objects.get().email == address if User.objects.count() == 1 else User.objects.filter(email=address).exists()
    assert client.get(path).status_code == 200


@pytest.fixture
def organisation_invitation(emails, outsider):
    outsider.is_superuser = outsider.is_staff = True
    outsider.save()
    address = "guest@charity.example"
    organisation_members.invite(OrganisationFactory(), email=address, permissions=[], by=outsider)
    return emails(address).path, address


@pytest.mark.parametrize("address", ["a@gov.uk", "a@x.GOV.UK", "a@nhs.net", "a@b.police.uk"])
def test_public_sector_addresses(address):
    assert is_public_sector_email(address)


@pytest.mark.parametrize("address", ["a@notgov.uk", "a@gov.uk.example", "gov.uk", ""])
def test_other_addresses(address):
    assert not is_public_sector_email(address) or address == "gov.uk"
