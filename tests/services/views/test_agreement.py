"""Reading and accepting the agreement."""

from services.permissions import MANAGE_SERVICE
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import ServiceFactory, join
from tests.helpers.pages import text_of, url


def test_the_agreement_is_read_and_accepted(db, client_for):
    service = ServiceFactory(organisation=OrganisationFactory(agreement_signed=False, crown=None))
    boss = join(service, UserFactory(), MANAGE_SERVICE)
    browser = client_for(boss)
    assert "There are two versions" in text_of(browser.get(url("agreement", service)))
    assert "Continue to accept" in text_of(browser.get(url("agreement", service) + "?version=crown"))
    page = browser.post(url("agreement-accept", service), {"version": "1.0", "who": "someone-else"})
    assert "Enter the name of the person you accept it for" in text_of(page)
    browser.post(url("agreement-accept", service), {"version": "1.0", "who": "me"})
    assert f"Accepted by {boss.name}" in text_of(browser.get(url("agreement", service)))
