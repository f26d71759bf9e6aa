import pytest

from branding.logos import email_logo, letter_logo
from notify.demo_brands import LOGO, dress
from organisations.queries import approvers
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory


def test_the_logo_passes_the_checks_of_every_logo():
    assert email_logo(LOGO).height == 216
    assert letter_logo(LOGO).preview


@pytest.mark.django_db
def test_the_council_is_dressed_once():
    council, approver = OrganisationFactory(name="Riverside Council", organisation_type="local"), UserFactory()
    for _ in range(2):
        dress(council, approver=approver)
    assert council.default_email_brand.name == council.default_letter_brand.name == "Riverside Council"
    assert list(approvers(council)) == [approver]
