"""What a service's templates are, asked of the app that has them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from notify.lib.slots import Slot

if TYPE_CHECKING:
    from services.models import Service

# `has_templates(service, channel)`: whether a service has templates it could send.
template_readers: "Slot[Callable[[Service, str], bool]]" = Slot()
# `begin_tour(service, user)`: makes the example template of the tour, and gives the address of its first page.
tour_beginners: "Slot[Callable[..., str]]" = Slot()
