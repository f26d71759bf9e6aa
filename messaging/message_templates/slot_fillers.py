"""What this app answers for services: templates and folders."""

from collections.abc import Sequence

from audit.actors import Actor
from messaging.message_templates.actions.folders import set_folder_access
from messaging.message_templates.models import FolderAccess, MessageTemplate, TemplateFolder
from messaging.message_templates.queries.folder_tree import FolderTree
from services.models import Membership, Service
from services.slots import navigation
from services.slots.folders import FolderAccessSource, folder_access
from services.slots.navigation import NavigationItem
from services.slots.templates import template_readers


def folder_choices(service: Service) -> list[tuple[str, str]]:
    """Every folder of a service with its path."""
    return FolderTree(service, None).choices()


def folders_of(membership: Membership) -> list[str]:
    """The ids of the folders a person was given."""
    return [str(pk) for pk in FolderAccess.objects.filter(membership=membership).values_list("folder_id", flat=True)]


def set_folders(membership: Membership, ids: Sequence[str] | None, *, by: Actor) -> None:
    """Give a person these folders, None for all; folders that are gone by now are left out."""
    chosen = None
    if ids is not None:
        chosen = list(TemplateFolder.objects.filter(service=membership.service, pk__in=list(ids)))
    set_folder_access(membership, folders=chosen, by=by)


def has_templates(service: Service, channel: str) -> bool:
    """Whether a service has templates of a channel that it could send."""
    return MessageTemplate.objects.usable().filter(service=service, channel=channel).exists()


folder_access.fill(FolderAccessSource(choices=folder_choices, of=folders_of, set=set_folders))
template_readers.fill(has_templates)
navigation.add(NavigationItem("templates", "Templates", "message_templates:template-list", 20))
