"""Adding a service: who may, names, what it starts with."""

from functools import cached_property

import pytest
from django.conf import settings

from content import email_sender_local_part
from notify.lib.refusals import ActionRefused, PermissionRefused
from organisations.enums import OrganisationType
from services.actions.create import check_name, create_service, crown_for, may_add_service
from services.models import Service, SmsSender
from services.rules import daily_limit, email_sender, free_sms_fragments, retention_days
from tests.factories.accounts import UserFactory
from tests.factories.branding import EmailBrandFactory
from tests.factories.organisations import DomainFactory, OrganisationFactory
from tests.factories.services import ServiceFactory
from tests.helpers.cast import ServiceCast
from tests.helpers.rivals import quicker
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db
TAKEN = "This service name is already in use – enter a unique name"


def create(name="Bin days", by=None, **words):
    return create_service(name=name, by=by or UserFactory(), **{"organisation_type": "central"} | words)


def refusal(**words):
    before = Service.objects.count()
    with pytest.raises(ActionRefused) as refused:
        create(**words)
    assert Service.objects.count() == before
    return [(reason.field, reason.message) for reason in refused.value.reasons]


# type → trial email, text, letter, texts abroad; live; free texts (service-lifecycle §6.1)
DEFAULTS = {
    "central": ([50, 50, 50, 10], 20_000),
    "local": ([50, 50, 50, 10], 10_000),
    "nhs_central": ([50, 50, 50, 10], 20_000),
    "nhs_local": ([50, 50, 50, 10], 10_000),
    "nhs_gp": ([0, 0, 0, 0], 0),
    "emergency_service": ([50, 50, 50, 10], 10_000),
    "school_or_college": ([50, 50, 50, 10], 5_000),
    "other": ([50, 50, 50, 10], 5_000),
}


@pytest.mark.parametrize("kind", OrganisationType.values)
def test_what_each_kind_of_service_starts_with(kind):
    service = create(organisation_type=kind)
    limits, free = DEFAULTS[kind]
    channels = ("email", "sms", "letter", "international_sms")
    assert [daily_limit(service, channel) for channel in channels] == limits
    assert [daily_limit(service, channel, key_type="test") for channel in channels[:3]] == [250_000, 250_000, 20_000]
    assert free_sms_fragments(service, 2026) == free
    assert [retention_days(service, channel) for channel in channels[:3]] == [7, 7, 7]
    assert service.state == "trial"
    assert sorted(service.permissions) == [
        "edit_folder_permissions",
        "email",
        "international_letters",
        "international_sms",
        "letter",
        "send_files_via_ui",
        "sms",
    ]
    assert list(SmsSender.objects.filter(service=service).values_list("name", "is_default")) == [
        (settings.DEFAULT_SMS_SENDER, True)
    ]


@pytest.mark.parametrize(
    ("kind", "crown"), [("central", None), ("nhs_central", True), ("local", False), ("nhs_gp", False), ("other", None)]
)
def test_crown_follows_from_some_kinds(kind, crown):
    assert create(organisation_type=kind).crown is crown


def test_the_organisation_of_the_address_decides():
    brand = EmailBrandFactory()
    organisation = OrganisationFactory(organisation_type="local", crown=False, default_email_brand=brand)
    DomainFactory(domain="riverside.gov.uk", organisation=organisation)
    person = UserFactory(email="ada@bins.riverside.gov.uk")
    service = create(by=person, organisation_type="central")
    assert (service.organisation, service.organisation_type, service.crown, service.email_brand) == (
        organisation,
        "local",
        False,
        brand,
    )


def test_people_outside_the_public_sector_add_nothing():
    with pytest.raises(PermissionRefused):
        create(by=UserFactory(email="ada@company.example"))


def test_staff_add_services_that_do_not_count(staff):
    assert create(by=staff).counts_as_live is False


def test_somebody_who_signs_in_by_email_brings_that_along():
    assert create(by=UserFactory(sign_in_method="email_auth")).has_permission("email_auth")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Enter a service name"),
        ("   ", "Enter a service name"),
        ("a", "Service name must include at least 2 letters or numbers"),
        ("!!", "Service name must include at least 2 letters or numbers"),
        ("x" * 256, "Service name cannot be longer than 255 characters"),
        ("Служба", "Service name can only use letters that also work in an email address"),
    ],
)
def test_bad_names(name, message):
    assert refusal(name=name) == [("name", message)]


@pytest.mark.parametrize("name", ["Bin days", "BIN  days", "bin.days", "Bín days!"])
def test_names_that_collapse_to_one_address_are_one_name(name):
    ServiceFactory(name="Bin days")
    assert refusal(name=name) == [("name", TAKEN)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_name_at_once_one_gets_it():
    rival = quicker('INSERT INTO "services_service"', lambda: create(name="bin.days"))
    with rival, pytest.raises(ActionRefused) as refused:
        create(name="Bin days")
    assert [(reason.field, reason.message) for reason in refused.value.reasons] == [("name", TAKEN)]
    assert list(Service.objects.values_list("name", flat=True)) == ["bin.days"]


@pytest.mark.parametrize("kind", ["", "nhs_notify", "circus"])
def test_a_kind_outside_the_list_is_refused(kind):
    assert refusal(organisation_type=kind) == [("organisation_type", "Select who runs this service")]


@pytest.mark.parametrize(
    ("name", "local_part"),
    [("Register to Vote", "register.to.vote"), ("Ünï  cöde", "uni.code"), ("...a..b...", "a.b"), ("A&B (2)", "ab.2")],
)
def test_names_become_addresses(name, local_part):
    assert email_sender_local_part(name) == local_part


def test_the_sender_of_emails():
    assert email_sender(create(name="Register to Vote")).startswith('"Register to Vote" <register.to.vote@')


# --- Who may, and what is written ---------------------------------------------------------------------------------
class PrivateCast(ServiceCast):
    """One of its people is not of the public sector."""

    PEOPLE = ("colleague", "superuser", "staff", "private")

    @cached_property
    def private(self):
        return UserFactory(email="somebody@example.com")


TAKEN = "This service name is already in use – enter a unique name"
VERBS = [
    Verb(
        create_service,
        lambda cast: call(name="Parks", organisation_type="local"),
        ("colleague", "superuser"),
        {
            "+Membership": 1,
            "+Service": 1,
            "+ServiceUserPermission": 5,
            "+SmsSender": 1,
            "history": ["service.created", "member.added"],
        },
        left_out=("staff",),
        refused={
            "Enter a service name": lambda cast: call(name=""),
            TAKEN: lambda cast: call(name=cast.service.name, organisation_type="local"),
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(PrivateCast, VERBS)


def test_who_may_add_a_service():
    cast = PrivateCast()
    assert [who for who in cast.PEOPLE if may_add_service(getattr(cast, who))] == ["colleague", "superuser", "staff"]


@pytest.mark.parametrize(
    ("kind", "own", "answer"),
    [("nhs_central", None, True), ("local", True, False), ("central", True, True), ("other", None, None)],
)
def test_crown_follows_from_the_type_or_else_from_the_organisation(kind, own, answer):
    assert crown_for(kind, own) is answer


def test_a_name_may_stay_its_own(service):
    assert check_name(f" {service.name} ", but_not=service) == service.name
