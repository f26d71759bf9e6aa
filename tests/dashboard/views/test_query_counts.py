"""Pages of figures take as many queries for many rows as for one."""

import pytest
from django.urls import reverse

from services.permissions import MANAGE_SERVICE, VIEW_ACTIVITY
from tests.factories.accounts import UserFactory
from tests.factories.jobs import JobFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import StatDayFactory
from tests.factories.services import LiveServiceFactory, join
from tests.helpers.queries import at_one_and_three


@pytest.mark.parametrize("page", ["service-dashboard", "service-figures", "monthly", "template-use", "usage"])
def test_a_page_of_figures(page, client_for, db):
    service = LiveServiceFactory()
    person = join(service, UserFactory(), VIEW_ACTIVITY, MANAGE_SERVICE)

    def add():
        template = TemplateFactory(service=service)
        StatDayFactory(service_id=service.pk, template_id=template.pk)
        JobFactory(template=template, state="finished")

    one, three = at_one_and_three(client_for(person), reverse(f"dashboard:{page}", args=[service.pk]), add)
    assert three == one
