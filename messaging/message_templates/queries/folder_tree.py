"""Who sees which folder."""

from collections.abc import Iterable
from uuid import UUID

from messaging.message_templates.models import FolderAccess, MessageTemplate, TemplateFolder
from services.enums import ServicePermission
from services.models import Membership, Service


class FolderTree:
    """A service's folders as one person sees them: two queries, whatever its size."""

    def __init__(self, service: Service, user_id: UUID | None) -> None:
        self.service = service
        folders = list(TemplateFolder.objects.filter(service=service).order_by("name"))
        allowed = _allowed(service, user_id)
        self.folders = {f.pk: f for f in folders if allowed is None or f.pk in allowed}

    def children(self, parent: UUID | None) -> list[TemplateFolder]:
        """Folders directly in another; one whose parent is hidden stands where its nearest visible ancestor is."""
        return [folder for folder in self.folders.values() if self._shown_in(folder) == parent]

    def _shown_in(self, folder: TemplateFolder) -> UUID | None:
        parent = folder.parent_id
        return parent if parent in self.folders else None

    def path(self, folder_id: UUID | None) -> list[TemplateFolder]:
        """From the top to a folder."""
        found: list[TemplateFolder] = []
        while folder_id in self.folders and self.folders[folder_id] not in found:
            found.insert(0, self.folders[folder_id])
            folder_id = found[0].parent_id
        return found

    def sees(self, template: MessageTemplate) -> bool:
        return template.folder_id is None or template.folder_id in self.folders

    def visible(self, templates: Iterable[MessageTemplate]) -> list[MessageTemplate]:
        return [template for template in templates if self.sees(template)]

    def choices(self) -> list[tuple[str, str]]:
        """Every visible folder with its path, for a form."""
        named = [(str(pk), " / ".join(f.name for f in self.path(pk))) for pk in self.folders]
        return sorted(named, key=lambda choice: choice[1].lower())


def _allowed(service: Service, user_id: UUID | None) -> set[UUID] | None:
    """The folders a person may open, None for all of them. Staff, and services that keep no such list, see all."""
    if not service.has_permission(ServicePermission.EDIT_FOLDER_PERMISSIONS):
        return None
    membership = Membership.objects.filter(service=service, user_id=user_id).first() if user_id else None
    if membership is None or membership.sees_all_folders:
        return None
    return set(FolderAccess.objects.filter(membership=membership).values_list("folder_id", flat=True))
