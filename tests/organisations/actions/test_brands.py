import pytest

from audit.record import SYSTEM
from notify.lib.refusals import ActionRefused, PermissionRefused
from organisations.actions import brands
from tests.factories.branding import EmailBrandFactory, LetterBrandFactory
from tests.factories.organisations import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_a_default_brand_joins_the_pool(organisation, platform_admin):
    brand = LetterBrandFactory()
    brands.set_default(organisation, "letter", brand, by=platform_admin)
    organisation.refresh_from_db()
    assert organisation.default_letter_brand == brand
    assert list(organisation.letter_brand_pool.all()) == [brand]


def test_only_central_government_returns_to_the_government_brand(organisation):
    brands.set_default(organisation, "email", None, by=SYSTEM)
    with pytest.raises(ActionRefused, match="Only central government"):
        brands.set_default(OrganisationFactory(organisation_type="local"), "email", None, by=SYSTEM)


def test_an_archived_brand_cannot_be_offered(organisation):
    with pytest.raises(ActionRefused, match="archived"):
        brands.add_to_pool(organisation, EmailBrandFactory(is_active=False), by=SYSTEM)
    assert not organisation.email_brand_pool.exists()


def test_the_default_brand_stays_in_the_pool(organisation):
    brand, other = EmailBrandFactory(), EmailBrandFactory()
    brands.set_default(organisation, "email", brand, by=SYSTEM)
    brands.add_to_pool(organisation, other, by=SYSTEM)
    with pytest.raises(ActionRefused, match="default"):
        brands.remove_from_pool(organisation, brand, by=SYSTEM)
    brands.remove_from_pool(organisation, other, by=SYSTEM)
    assert list(organisation.email_brand_pool.all()) == [brand]


def test_members_do_not_choose_brands(organisation, approver):
    with pytest.raises(PermissionRefused):
        brands.add_to_pool(organisation, EmailBrandFactory(), by=approver)
