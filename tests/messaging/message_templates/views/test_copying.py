"""Copying a template from a service of one's own."""

import pytest
from django.urls import reverse

from messaging.message_templates.models import MessageTemplate
from notify.lib import clock
from services.permissions import MANAGE_TEMPLATES
from tests.factories.accounts import UserFactory
from tests.factories.message_templates import FolderAccessFactory, TemplateFactory, TemplateFolderFactory
from tests.factories.services import LiveServiceFactory, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return LiveServiceFactory(name="Bins")


@pytest.fixture
def writer(service):
    return join(service, UserFactory(), MANAGE_TEMPLATES)


@pytest.fixture
def client(writer, client_for):
    return client_for(writer)


@pytest.fixture
def address(service):
    return reverse("message_templates:template-copy", args=[service.pk])


def test_templates_of_ones_services_are_offered_and_others_are_not(client, writer, address, service):
    other = LiveServiceFactory(name="Parks")
    join(other, writer)
    for owner, name in ((service, "Ours"), (other, "Park rules"), (LiveServiceFactory(), "Secret")):
        TemplateFactory(service=owner, name=name)
    TemplateFactory(service=service, name="Gone", archived_at=clock.now())
    groups = client.get(address).context["groups"]
    assert [(owner.name, [each.name for each in found]) for owner, found in groups] == [
        ("Bins", ["Ours"]),
        ("Parks", ["Park rules"]),
    ]


def test_the_copy_opens_to_be_edited(client, writer, address, service):
    other = LiveServiceFactory()
    join(other, writer)
    source = TemplateFactory(service=other, name="Park rules")
    answer = client.post(address, {"template": str(source.pk)})
    copy = MessageTemplate.objects.get(service=service)
    assert copy.name == "Copy of ‘Park rules’"
    assert answer.headers["Location"] == reverse("message_templates:template-edit", args=[service.pk, copy.pk])


@pytest.mark.parametrize("template", ["", "nonsense", "3f0f6a3c-0000-7000-8000-000000000000"])
def test_nonsense_copies_nothing(template, client, address):
    assert client.post(address, {"template": template}).status_code == 404


def test_a_strangers_template_and_one_in_a_closed_folder_are_not_found(client, writer, address, service):
    service.memberships.filter(user=writer).update(sees_all_folders=False)
    FolderAccessFactory(folder__service=service)
    closed = TemplateFactory(service=service, folder=TemplateFolderFactory(service=service))
    for source in (TemplateFactory(), closed):
        assert client.post(address, {"template": str(source.pk)}).status_code == 404
    assert MessageTemplate.objects.filter(service=service).count() == 1
