from unittest.mock import ANY

import pytest

from audit.models import AuditEvent
from audit.record import SYSTEM
from branding.models import EmailBrand
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from organisations.actions import organisations
from organisations.models import Domain, Organisation
from organisations.signals import organisation_changed
from tests.factories.branding import EmailBrandFactory, LetterBrandFactory
from tests.factories.organisations import DomainFactory, OrganisationFactory, OrganisationInvitationFactory
from tests.factories.services import ServiceFactory
from tests.helpers.cast import STAFF, OrganisationCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def changes():
    seen = []

    def receiver(sender, organisation, fields, **kwargs):
        seen.append((organisation.pk, fields))

    organisation_changed.connect(receiver)
    yield seen
    organisation_changed.disconnect(receiver)


def codes(caught):
    return [reason.code for reason in caught.value.reasons]


def test_staff_add_an_organisation(platform_admin):
    made = organisations.create_organisation(
        name="  Ministry  of Tests ", organisation_type="central", by=platform_admin, crown=True
    )
    assert (made.name, made.crown, made.agreement_signed, made.can_ask_to_join_a_service) == (
        "Ministry of Tests",
        True,
        False,
        True,
    )
    event = AuditEvent.objects.get()
    assert (event.name, event.actor, event.organisation_id) == ("organisation.created", platform_admin, made.pk)


def test_an_nhs_organisation_starts_with_the_nhs_brand_and_its_own_crown_status():
    trust = organisations.create_organisation(name="A Trust", organisation_type="nhs_local", by=SYSTEM, crown=True)
    assert (trust.crown, trust.default_email_brand.name) == (False, "NHS")
    assert [brand.name for brand in trust.email_brand_pool.all()] == ["NHS"]


def test_an_nhs_organisation_starts_with_those_nhs_brands_that_there_are():
    EmailBrand.objects.filter(name="NHS").update(is_active=False)
    letter = LetterBrandFactory(name="NHS")
    trust = organisations.create_organisation(name="A Trust", organisation_type="nhs_local", by=SYSTEM)
    trust.refresh_from_db()
    assert (trust.default_email_brand, trust.default_letter_brand) == (None, letter)
    assert (list(trust.email_brand_pool.all()), list(trust.letter_brand_pool.all())) == ([], [letter])


@pytest.mark.parametrize("person", ["stranger", "org_member", "approver"])
def test_only_staff_add_or_change_organisations(person, request, organisation):
    by = request.getfixturevalue(person)
    with pytest.raises(PermissionRefused):
        organisations.create_organisation(name="Mine", organisation_type="central", by=by)
    with pytest.raises(PermissionRefused):
        organisations.update_organisation(organisation, by=by, name="Mine")
    with pytest.raises(PermissionRefused):
        organisations.set_domains(organisation, domains=["mine.gov.uk"], by=by)
    with pytest.raises(PermissionRefused):
        organisations.archive_organisation(organisation, by=by)
    assert not AuditEvent.objects.exists()


def test_a_staff_mark_without_a_group_is_not_enough(organisation, stranger):
    stranger.is_staff = True
    with pytest.raises(PermissionRefused):
        organisations.update_organisation(organisation, by=stranger, name="Mine")


@pytest.mark.parametrize(("name", "code"), [("", "name"), ("!", "name"), ("department FOR example", "taken")])
def test_a_name_must_be_good_and_free(organisation, name, code):
    with pytest.raises(ActionRefused) as caught:
        organisations.create_organisation(name=name, organisation_type="central", by=SYSTEM)
    assert codes(caught) == [code]


def test_changing_tells_what_changed_and_only_that(organisation, platform_admin, changes):
    organisations.update_organisation(organisation, by=platform_admin, name=organisation.name, notes="New", crown=False)
    assert changes == [(organisation.pk, frozenset({"notes", "crown"}))]
    event = AuditEvent.objects.get()
    assert event.data == {"changes": {"notes": ["", "New"], "crown": [True, False]}}


def test_changing_nothing_says_nothing(organisation, platform_admin, changes):
    organisations.update_organisation(organisation, by=platform_admin, name=organisation.name)
    assert (changes, AuditEvent.objects.count()) == ([], 0)


def test_a_new_type_may_decide_the_crown_status(organisation, changes):
    organisations.update_organisation(organisation, by=SYSTEM, organisation_type="local")
    organisation.refresh_from_db()
    assert (organisation.organisation_type, organisation.crown) == ("local", False)
    assert changes == [(organisation.pk, frozenset({"organisation_type", "crown"}))]


@pytest.mark.parametrize("kind", ["other", "nhs_central"])
def test_a_new_type_leaves_a_crown_status_that_fits_it(kind, organisation, changes):
    organisations.update_organisation(organisation, by=SYSTEM, organisation_type=kind)
    organisation.refresh_from_db()
    assert (organisation.organisation_type, organisation.crown) == (kind, True)
    assert changes == [(organisation.pk, frozenset({"organisation_type"}))]


def test_unknown_fields_are_a_programming_error(organisation):
    with pytest.raises(ValueError, match="archived_at"):
        organisations.update_organisation(organisation, by=SYSTEM, archived_at=None)


def test_domains_are_replaced_as_a_whole(organisation, platform_admin):
    DomainFactory(domain="old.gov.uk", organisation=organisation)
    organisations.set_domains(organisation, domains=[" New.GOV.UK. ", "new.gov.uk", "", "b.gov.uk"], by=platform_admin)
    assert [str(domain) for domain in organisation.domains.all()] == ["b.gov.uk", "new.gov.uk"]
    assert AuditEvent.objects.get().data == {"before": ["old.gov.uk"], "after": ["b.gov.uk", "new.gov.uk"]}


def test_the_same_domains_again_say_nothing(organisation, platform_admin, changes):
    domain = DomainFactory(domain="old.gov.uk", organisation=organisation)
    assert organisations.set_domains(organisation, domains=["OLD.gov.uk"], by=platform_admin) == ["old.gov.uk"]
    assert (list(Domain.objects.all()), changes, AuditEvent.objects.count()) == ([domain], [], 0)


def test_nothing_is_saved_when_one_domain_is_bad_or_taken(organisation):
    DomainFactory(domain="taken.gov.uk", organisation=OrganisationFactory(name="Other"))
    DomainFactory(domain="old.gov.uk", organisation=organisation)
    with pytest.raises(ActionRefused) as caught:
        organisations.set_domains(organisation, domains=["good.gov.uk", "taken.gov.uk", "a@b.uk"], by=SYSTEM)
    assert codes(caught) == ["domain", "taken"]
    assert [str(domain) for domain in organisation.domains.all()] == ["old.gov.uk"]


def test_thirty_domains_are_the_most(organisation):
    with pytest.raises(ActionRefused) as caught:
        organisations.set_domains(organisation, domains=[f"d{n}.gov.uk" for n in range(31)], by=SYSTEM)
    assert codes(caught) == ["too_many"]


def test_archiving_frees_the_name_and_drops_domains_and_brands(organisation, platform_admin):
    brand = EmailBrandFactory()
    organisation.email_brand_pool.add(brand)
    Organisation.objects.filter(pk=organisation.pk).update(default_email_brand=brand)
    DomainFactory(domain="old.gov.uk", organisation=organisation)
    organisations.archive_organisation(organisation, by=platform_admin)
    organisation.refresh_from_db()
    assert organisation.archived_at is not None
    assert organisation.default_email_brand is None
    assert not organisation.email_brand_pool.exists()
    assert not Domain.objects.exists()
    organisations.create_organisation(name="Department for Example", organisation_type="central", by=platform_admin)


def test_an_organisation_in_use_cannot_be_archived(organisation, org_member):
    OrganisationInvitationFactory(organisation=organisation)
    ServiceFactory(organisation=organisation)
    with pytest.raises(ActionRefused) as caught:
        organisations.archive_organisation(organisation, by=SYSTEM)
    assert codes(caught) == ["services", "members", "invitations"]
    assert codes(caught) == [reason.code for reason in organisations.archive_blockers(organisation)]


# --- Who may, and what is written ---------------------------------------------------------------------------------
def taken(cast):
    return call(name=cast.organisation.name, organisation_type="central")


TAKEN = "There is already an organisation with this name"
NO_TYPE = "Select the type of organisation"
VERBS = [
    Verb(
        organisations.create_organisation,
        lambda cast: call(name="Parks Authority", organisation_type="local"),
        STAFF,
        {"+Organisation": 1, "history": ["organisation.created"]},
        refused={TAKEN: taken},
    ),
    Verb(
        organisations.update_organisation,
        lambda cast: call(cast.organisation, name="Parks", organisation_type="local"),
        STAFF,
        {
            "Organisation.crown": False,
            "Organisation.name": "Parks",
            "Organisation.organisation_type": "local",
            "history": ["organisation.changed"],
        },
        refused={
            TAKEN: lambda cast: call(cast.organisation, name=OrganisationFactory().name),
            NO_TYPE: lambda cast: call(cast.organisation, organisation_type="x"),
        },
    ),
    Verb(
        organisations.set_domains,
        lambda cast: call(cast.organisation, domains=["parks.gov.uk"]),
        STAFF,
        {"+Domain": 1, "history": ["organisation.domains_changed"]},
        refused={
            "‘gov.uk’ is shared by many organisations, so it cannot belong to one": lambda cast: call(
                cast.organisation, domains=["gov.uk"]
            )
        },
    ),
    Verb(
        organisations.archive_organisation,
        lambda cast: call(DomainFactory(organisation=OrganisationFactory(name="Old")).organisation),
        STAFF,
        {"-Domain": 1, "Organisation.archived_at": ANY, "Organisation.name": ANY, "history": ["organisation.archived"]},
        refused={"This organisation is already archived": lambda cast: call(OrganisationFactory(archived_at=clock.now()))},
    ),
]
UNGUARDED = [
    # For a caller who has checked its own permission.
    Verb(
        organisations.add_organisation,
        lambda cast: call(name="Dr Example", organisation_type="nhs_gp"),
        ("system", "outsider"),
        {"+Organisation": 1, "+Organisation_email_brand_pool": 1, "history": ["organisation.created"]},
        left_out=OrganisationCast.PEOPLE,
        refused={TAKEN: taken, NO_TYPE: lambda cast: call(name="Dr Example", organisation_type="x")},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(OrganisationCast, VERBS)
test_adding, _, test_adding_refused, test_adding_atomic = suite_of(OrganisationCast, UNGUARDED)
