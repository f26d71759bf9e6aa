"""Folders of templates."""

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from messaging.message_templates.actions.templates import lock_template
from messaging.message_templates.models import FolderAccess, MessageTemplate, TemplateFolder
from notify.lib.refusals import ActionRefused, Reason
from services.access import require
from services.models import Membership, Service
from services.permissions import MANAGE_SERVICE, MANAGE_TEMPLATES


def create_folder(service: Service, *, name: str, parent: TemplateFolder | None, by: Actor) -> TemplateFolder:
    """Add a folder. People who may not open every folder see it when they see its parent, or when they made it."""
    require(by, service, MANAGE_TEMPLATES)
    _own(service, parent)
    with transaction.atomic():
        folder = TemplateFolder.objects.create(service=service, name=_named(name), parent=parent)
        limited = Membership.objects.filter(service=service, sees_all_folders=False)
        if parent is not None:
            limited = limited.filter(folder_accesses__folder=parent)
        FolderAccess.objects.bulk_create([FolderAccess(folder=folder, membership=each) for each in limited])
        record("folder.created", actor=by, subject=folder)
    return folder


def rename_folder(folder: TemplateFolder, *, name: str, by: Actor) -> TemplateFolder:
    require(by, folder.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        old, folder.name = folder.name, _named(name)
        folder.save(update_fields=["name"])
        record("folder.renamed", actor=by, subject=folder, data={"old": old})
    return folder


def delete_folder(folder: TemplateFolder, *, by: Actor) -> None:
    """Delete an empty folder; refuses one with templates or folders in it."""
    require(by, folder.service, MANAGE_TEMPLATES)
    with transaction.atomic():
        folder = TemplateFolder.objects.select_for_update().get(pk=folder.pk)
        if folder.children.exists() or folder.templates.active().exists():
            raise ActionRefused("You must empty this folder before you can delete it")
        record("folder.deleted", actor=by, subject=folder)
        folder.delete()


def move_template(template: MessageTemplate, *, to: TemplateFolder | None, by: Actor) -> MessageTemplate:
    """Put a template into a folder, or at the top."""
    require(by, template.service, MANAGE_TEMPLATES)
    _own(template.service, to)
    with transaction.atomic():
        template = lock_template(template)
        template.folder = to
        template.save(update_fields=["folder"])
        record("template.moved", actor=by, subject=template, data={"folder": to.name if to else "the top"})
    return template


def move_folder(folder: TemplateFolder, *, to: TemplateFolder | None, by: Actor) -> TemplateFolder:
    """Put a folder into another; refuses itself and what is inside it."""
    require(by, folder.service, MANAGE_TEMPLATES)
    _own(folder.service, to)
    with transaction.atomic():
        Service.objects.select_for_update().get(pk=folder.service_id)
        above: TemplateFolder | None = to
        while above is not None:
            if above.pk == folder.pk:
                raise ActionRefused("You cannot move a folder into itself")
            above = above.parent
        folder.parent = to
        folder.save(update_fields=["parent"])
        record("folder.moved", actor=by, subject=folder)
    return folder


def set_folder_access(membership: Membership, *, folders: list[TemplateFolder] | None, by: Actor) -> None:
    """Which folders a person may open; None for all of them."""
    require(by, membership.service, MANAGE_SERVICE)
    for folder in folders or []:
        _own(membership.service, folder)
    with transaction.atomic():
        membership.sees_all_folders = folders is None
        membership.save(update_fields=["sees_all_folders"])
        FolderAccess.objects.filter(membership=membership).delete()
        FolderAccess.objects.bulk_create([FolderAccess(folder=f, membership=membership) for f in folders or []])


def _own(service: Service, folder: TemplateFolder | None) -> None:
    if folder is not None and folder.service_id != service.pk:
        raise ActionRefused(Reason("folder", "Choose a folder of this service", "folder"))


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ActionRefused(Reason("required", "Enter a name for the folder", "name"))
    return name[:255]
