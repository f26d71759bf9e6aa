"""Who opens which folder of templates: the app that has folders fills this slot, the team pages ask it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.actors import Actor
from notify.lib.slots import Slot
from services.enums import ServicePermission

if TYPE_CHECKING:
    from services.models import Membership, Service


@dataclass(frozen=True)
class FolderAccessSource:
    """`choices(service)` lists (id, path); `of(membership)` the ids a person opens; `set(membership, ids, by=)` changes it."""

    choices: "Callable[[Service], list[tuple[str, str]]]"
    of: "Callable[[Membership], list[str]]"
    set: Callable[..., None]


folder_access: Slot[FolderAccessSource] = Slot()


def choices(service: "Service") -> list[tuple[str, str]]:
    """The folders that can be chosen for a person; none where the service does not choose who sees which."""
    if not service.has_permission(ServicePermission.EDIT_FOLDER_PERMISSIONS):
        return []
    return [choice for source in folder_access for choice in source.choices(service)]


def opened_by(membership: "Membership") -> list[str]:
    """The ids of the folders a person opens."""
    if membership.sees_all_folders:
        return [key for key, _ in choices(membership.service)]
    return [key for source in folder_access for key in source.of(membership)]


def set_opened(membership: "Membership", ids: Sequence[str] | None, *, by: Actor) -> None:
    """Which folders a person opens from now on; None for all of them, those to come included."""
    for source in folder_access:
        source.set(membership, ids, by=by)
