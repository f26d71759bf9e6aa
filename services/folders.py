"""Who opens which folder of templates: the app that has folders fills this slot, the team pages ask it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from audit.actors import Actor
from services.enums import ServicePermission
from services.models import Membership, Service


@dataclass(frozen=True)
class FolderAccess:
    """`choices(service)` lists (id, path); `of(membership)` the ids a person opens; `set(membership, ids, by=)` changes it."""

    choices: Callable[[Service], list[tuple[str, str]]]
    of: Callable[[Membership], list[str]]
    set: Callable[..., None]


_slot: list[FolderAccess] = []


def register(access: FolderAccess) -> None:
    """Fill the slot; the latest registration counts."""
    _slot[:] = [access]


def choices(service: Service) -> list[tuple[str, str]]:
    """The folders that can be chosen for a person; none where the service does not choose who sees which."""
    if not _slot or not service.has_permission(ServicePermission.EDIT_FOLDER_PERMISSIONS):
        return []
    return _slot[0].choices(service)


def opened_by(membership: Membership) -> list[str]:
    """The ids of the folders a person opens."""
    if membership.sees_all_folders:
        return [key for key, _ in choices(membership.service)]
    return _slot[0].of(membership) if _slot else []


def set_opened(membership: Membership, ids: Sequence[str] | None, *, by: Actor) -> None:
    """Which folders a person opens from now on; None for all of them, those to come included."""
    if _slot:
        _slot[0].set(membership, ids, by=by)
