import pytest

from accounts import guardian
from organisations import queries
from organisations.permissions import MAKE_SERVICES_LIVE
from tests.factories.organisations import DomainFactory, OrganisationFactory, OrganisationMemberFactory


@pytest.mark.django_db
def test_the_longest_domain_decides_which_organisation_a_person_belongs_to():
    department = DomainFactory(domain="example.gov.uk").organisation
    agency = DomainFactory(domain="agency.example.gov.uk").organisation
    assert queries.organisation_for_email("a@mail.agency.example.gov.uk") == agency
    assert queries.organisation_for_email("a@example.gov.uk") == department
    assert queries.organisation_for_email("A@Other.Example.Gov.UK") == department


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["a@badexample.gov.uk", "a@gov.uk", "nonsense", ""])
def test_a_foreign_address_belongs_to_no_organisation(email):
    DomainFactory(domain="example.gov.uk")
    assert queries.organisation_for_email(email) is None
    assert queries.is_registered_email(email) is False


@pytest.mark.django_db
def test_an_archived_organisation_is_not_matched():
    domain = DomainFactory(domain="example.gov.uk", organisation__archived_at="2026-01-01T00:00:00Z")
    assert queries.organisation_for_email(f"a@{domain}") is None


@pytest.mark.django_db
def test_approvers_are_active_members_with_the_right_where_the_organisation_approves_its_own():
    organisation = OrganisationFactory(can_approve_own_go_live_requests=True)
    approver = OrganisationMemberFactory(organisation=organisation).user
    OrganisationMemberFactory(organisation=organisation)
    left = OrganisationMemberFactory(organisation=organisation, user__is_active=False).user
    elsewhere = OrganisationMemberFactory().user
    for person in (approver, left, elsewhere):
        guardian.grant(person, MAKE_SERVICES_LIVE, organisation)
    assert list(queries.approvers(organisation)) == [approver]
    assert queries.may_make_services_live(approver, organisation) is True
    assert queries.may_make_services_live(elsewhere, organisation) is False


@pytest.mark.django_db
def test_nobody_approves_for_an_organisation_that_leaves_it_to_the_platform(organisation, approver):
    assert list(queries.approvers(organisation)) == []
    assert queries.may_make_services_live(approver, organisation) is False
