"""What a service must have before it goes live: one list for the page, the guard and the back office.

The apps that know them fill in the items; one with the slug of another takes its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from notify.lib.slots import Slot

if TYPE_CHECKING:  # the model's guards read this list
    from services.models import Service


class ItemState(Enum):
    DONE = "Completed"
    TODO = "To do"
    NOT_NEEDED = "Not needed"


@dataclass(frozen=True)
class ChecklistItem:
    """One thing a service must have. `order` is its place on the page; the page that completes it is `url_name`."""

    slug: str
    label: str
    url_name: str
    state: Callable[["Service"], ItemState]
    order: int = 50


@dataclass(frozen=True)
class CheckedItem:
    """An item with its state for one service."""

    item: ChecklistItem
    state: ItemState

    @property
    def is_done(self) -> bool:
        return self.state is ItemState.DONE


checklist_items: Slot[ChecklistItem] = Slot()


def items(service: "Service") -> list[CheckedItem]:
    """Every item that applies to the service, in page order."""
    ordered = sorted(checklist_items, key=lambda item: (item.order, item.slug))
    checked = [CheckedItem(item, item.state(service)) for item in ordered]
    return [each for each in checked if each.state is not ItemState.NOT_NEEDED]


def blockers(service: "Service") -> list[ChecklistItem]:
    """What still stands in the way, in page order."""
    return [each.item for each in items(service) if not each.is_done]


def done_if(condition: bool) -> ItemState:
    return ItemState.DONE if condition else ItemState.TODO
