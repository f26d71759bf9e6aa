"""Figures by month, and what a year costs."""

import pytest
import time_machine
from django.urls import reverse

from services.permissions import MANAGE_SERVICE, VIEW_ACTIVITY
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import StatDayFactory
from tests.factories.services import LiveServiceFactory, join


@pytest.fixture
def service(db):
    return LiveServiceFactory(organisation_type="local")


@pytest.fixture
def browser(service, client_for):
    return client_for(join(service, UserFactory(), VIEW_ACTIVITY, MANAGE_SERVICE))


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel("2026-11-23 12:00:00Z"):
        yield


def counted(service, day="2026-11-02", **fields):
    template = TemplateFactory(service=service)
    StatDayFactory(service_id=service.pk, template_id=template.pk, day=day, **fields)
    return template


def test_the_months_of_a_year_are_the_asked_ones(service, browser):
    template = counted(service, count=7)
    for name in ("monthly", "template-use"):
        address = reverse(f"dashboard:{name}", args=[service.pk])
        now, before = browser.get(address), browser.get(f"{address}?year=2025")
        assert [page.context["year"] for page in (now, before)] == [2026, 2025]
        assert "November" in now.content.decode()
    assert [template.name in page.content.decode() for page in (now, before)] == [True, False]


@pytest.mark.parametrize("name", ["monthly", "template-use", "usage", "usage-download"])
@pytest.mark.parametrize("year", ["x", "1066", "99999", ""])
def test_a_year_that_cannot_be_is_not_found(name, year, service, browser):
    assert browser.get(reverse(f"dashboard:{name}", args=[service.pk]), {"year": year}).status_code == 404


def test_the_file_has_a_line_for_each_month(service, browser):
    counted(service, units=7, count=7)
    answer = browser.get(reverse("dashboard:usage-download", args=[service.pk]))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="usage-2026.csv"'
    assert lines[0].lstrip("\ufeff").split(",")[:3] == ["Month", "Emails sent", "Text message fragments"]
    assert [line.split(",")[:3] for line in lines if line.startswith("November")] == [["November 2026", "0", "7.00"]]
