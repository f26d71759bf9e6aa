"""Folders: made, renamed, moved, deleted, and who may open them."""

import pytest

from messaging.message_templates.actions import folders
from messaging.message_templates.models import FolderAccess
from tests.factories.message_templates import FolderAccessFactory, TemplateFactory, TemplateFolderFactory
from tests.factories.services import MembershipFactory
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def who_may_open(folder):
    return set(FolderAccess.objects.filter(folder=folder).values_list("membership", flat=True))


def test_a_new_folder_is_seen_by_those_who_see_its_parent(service, manager):
    parent = TemplateFolderFactory(service=service)
    sees = FolderAccessFactory(folder=parent).membership
    MembershipFactory(service=service, sees_all_folders=False)
    assert who_may_open(folders.create_folder(service, name="Inside", parent=parent, by=manager)) == {sees.pk}


def test_a_new_folder_at_the_top_is_seen_by_everybody(service, manager):
    limited = MembershipFactory(service=service, sees_all_folders=False)
    assert who_may_open(folders.create_folder(service, name="Top", parent=None, by=manager)) == {limited.pk}


# --- Who may, and what is written ---------------------------------------------------------------------------------
NO_NAME = "Enter a name for the folder"
ELSEWHERE = "Choose a folder of this service"
NOT_EMPTY = "You must empty this folder before you can delete it"
INTO_ITSELF = "You cannot move a folder into itself"


def folder_of(cast, **fields):
    return TemplateFolderFactory(service=cast.service, **fields)


def template_of(cast, **fields):
    return TemplateFactory(service=cast.service, **fields)


def full(cast):
    """A folder with a template in it."""
    return template_of(cast, folder=folder_of(cast)).folder


def into_its_own(cast):
    folder = folder_of(cast)
    return call(folder, to=folder_of(cast, parent=folder_of(cast, parent=folder)))


def limited(cast):
    """Somebody of the team who may open one folder."""
    return FolderAccessFactory(folder=folder_of(cast)).membership


# A key may with the scope of templates, too.
WRITERS = (*TEAM, "key_without_scope")
VERBS = [
    Verb(
        folders.create_folder,
        lambda cast: call(cast.service, name="Letters", parent=None),
        WRITERS,
        {"+TemplateFolder": 1, "history": ["folder.created"]},
        refused={
            NO_NAME: lambda cast: call(cast.service, name=" ", parent=None),
            ELSEWHERE: lambda cast: call(cast.service, name="Letters", parent=TemplateFolderFactory()),
        },
    ),
    Verb(
        folders.rename_folder,
        lambda cast: call(folder_of(cast), name=" New   name "),
        WRITERS,
        {"TemplateFolder.name": "New name", "history": ["folder.renamed"]},
        refused={NO_NAME: lambda cast: call(folder_of(cast), name=" ")},
    ),
    Verb(
        folders.delete_folder,
        lambda cast: call(folder_of(cast)),
        WRITERS,
        {"-TemplateFolder": 1, "history": ["folder.deleted"]},
        refused={NOT_EMPTY: lambda cast: call(full(cast))},
    ),
    Verb(
        folders.delete_folder,
        lambda cast: call(folder_of(cast)),
        WRITERS,
        {"-TemplateFolder": 1, "history": ["folder.deleted"]},
        refused={NOT_EMPTY: lambda cast: call(folder_of(cast, parent=folder_of(cast)).parent)},
        case="with-a-folder",
    ),
    Verb(
        folders.move_template,
        lambda cast: call(template_of(cast, folder=folder_of(cast)), to=None),
        WRITERS,
        {"MessageTemplate.folder_id": None, "history": ["template.moved"]},
        refused={ELSEWHERE: lambda cast: call(template_of(cast), to=TemplateFolderFactory())},
    ),
    Verb(
        folders.move_folder,
        lambda cast: call(folder_of(cast, parent=folder_of(cast)), to=None),
        WRITERS,
        {"TemplateFolder.parent_id": None, "history": ["folder.moved"]},
        refused={
            ELSEWHERE: lambda cast: call(folder_of(cast), to=TemplateFolderFactory()),
            INTO_ITSELF: into_its_own,
        },
    ),
    Verb(
        folders.set_folder_access,
        lambda cast: call(limited(cast), folders=None),
        TEAM,
        {"-FolderAccess": 1, "Membership.sees_all_folders": True},
        refused={ELSEWHERE: lambda cast: call(limited(cast), folders=[TemplateFolderFactory()])},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
