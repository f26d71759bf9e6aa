"""Pages and their links (public-api §5.3)."""

from typing import Any

import pytest

from messaging.message_templates.models import MessageTemplate
from notify.lib.api import pagination
from services.models import Service
from tests.helpers.api import Api, make_key, make_template

pytestmark = pytest.mark.django_db


def test_pages_follow_one_another_to_an_empty_one(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagination, "PAGE_SIZE", 2)
    made = [str(make_template(service, "sms").pk) for _ in range(3)]
    api, path, found = Api(make_key(service, scopes=["templates"])), "/api/templates", []
    while path:
        _, page = api.get(path)
        assert page["links"]["current"].endswith(path)
        found.append([each["id"] for each in page["templates"]])
        path = page["links"].get("next", "").removeprefix("http://localhost:8000")
    assert found == [[made[2], made[1]], [made[0]], []]
    assert MessageTemplate.objects.count() == 3


def test_the_cursor_stands_first_in_the_link_to_the_next_page() -> None:
    query: dict[str, Any] = {"reference": "r", "older_than": "x", "status": ["a", "b"]}
    links = pagination.page_links("/p", query, "y")  # type: ignore[arg-type]
    assert links["next"].endswith("/p?older_than=y&reference=r&status=a&status=b")
    assert links["current"].endswith("/p?reference=r&older_than=x&status=a&status=b")
