"""What accounts are told by the apps to their right."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from notify.lib.refusals import Reason
from notify.lib.slots import Slot

if TYPE_CHECKING:
    from accounts.models import User

# `send(number in E.164, text)`: sends a text of the platform. Without one, codes go by email.
text_senders: Slot[Callable[[str, str], None]] = Slot()
# `is_known(address in lower case)`: whether an address belongs to the public sector.
email_domain_sources: Slot[Callable[[str], bool]] = Slot()
# `objections(user)`: why a person's account cannot be archived.
archive_guards: "Slot[Callable[[User], Iterable[Reason]]]" = Slot()
# `leave(user)`: takes a person off teams, inside the transaction that archives the account.
team_leavers: "Slot[Callable[[User], None]]" = Slot()
