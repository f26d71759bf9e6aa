"""The page of the API integration."""

from services.slots import api_links
from tests.factories.accounts import UserFactory
from tests.factories.services import join
from tests.helpers.pages import text_of, url


def test_every_link_of_the_api_is_on_the_page(service, browser):
    page = browser.get(url("api", service))
    assert [link.text for link in api_links.links() if link.text not in text_of(page)] == []
    for name in ("key-list", "guest-list"):
        assert f'href="{url(name, service)}"' in page.content.decode()


def test_only_those_who_manage_the_api_open_it(service, member, outsider, client_for):
    assert client_for(join(service, UserFactory(), "manage_api_keys")).get(url("api", service)).status_code == 200
    assert client_for(member).get(url("api", service)).status_code == 403
    assert client_for(outsider).get(url("api", service)).status_code == 404
