"""The tour's example: made, found and deleted."""

from unittest.mock import ANY

import pytest
from django.http import Http404

from messaging.message_templates.models import MessageTemplate
from messaging.notifications.actions import tour
from notify.lib import clock
from notify.lib.ids import uuid7
from tests.factories.message_templates import TemplateFactory, TemplateVersionFactory
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def test_the_tour_begins_with_an_example(service, manager):
    address = tour.begin_tour(service, manager)
    template = MessageTemplate.objects.get()
    assert (template.name, template.versions.get().body) == (tour.NAME, tour.BODY)
    assert address == f"/services/{service.pk}/tour/{template.pk}"


def test_a_service_that_sends_no_texts_has_no_tour(service, manager):
    service.permissions = ["email"]
    assert tour.begin_tour(service, manager) == ""
    assert not MessageTemplate.objects.exists()


@pytest.mark.parametrize("fields", [{"channel": "email"}, {"archived_at": clock.now()}, {"is_hidden": True}])
def test_the_tour_shows_texts_alone(fields, service):
    with pytest.raises(Http404):
        tour.example_of(service, TemplateFactory(service=service, **fields).pk)


def test_the_tour_shows_templates_of_the_service_alone(service):
    ours = TemplateFactory(service=service)
    assert tour.example_of(service, ours.pk) == ours
    for other in (TemplateFactory().pk, uuid7()):
        with pytest.raises(Http404):
            tour.example_of(service, other)


def test_what_was_made_from_the_example_stays(service, manager):
    renamed = TemplateFactory(service=service)
    edited = TemplateFactory(service=service, name=tour.NAME, version=2)
    TemplateVersionFactory(template=edited)
    for template in (renamed, edited):
        tour.end_tour(template, by=manager)
    assert MessageTemplate.objects.filter(archived_at=None).count() == 2


# --- Who may, and what is written ---------------------------------------------------------------------------------
def example(cast, **fields):
    return call(TemplateFactory(service=cast.service, name=tour.NAME, **fields))


VERBS = [
    Verb(
        tour.end_tour,
        example,
        # A key may with the scope of templates, too.
        (*TEAM, "key_without_scope"),
        {"MessageTemplate.archived_at": ANY, "history": ["template.archived"]},
        refused={"This template has been deleted": lambda cast: example(cast, archived_at=clock.now())},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
