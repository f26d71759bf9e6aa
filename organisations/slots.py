"""What organisations are told by the apps to their right: their services, and what these sent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from notify.lib.slots import Slot

if TYPE_CHECKING:
    from organisations.models import Organisation


@dataclass(frozen=True)
class ServiceLine:
    """A service as its organisation's page shows it."""

    id: UUID
    name: str
    state: str
    state_label: str
    is_suspended: bool
    url: str
    # Where its go-live request is answered, when there is one; when and by whom it was made.
    answer_url: str = ""
    requested_at: datetime | None = None
    requested_by: str = ""


@dataclass(frozen=True)
class ServiceUsage:
    """What one service sent in one financial year, and what it costs."""

    emails: int = 0
    sms_fragments: int = 0
    sms_free_allowance: int = 0
    sms_cost: Decimal = Decimal(0)
    letters: int = 0
    letter_cost: Decimal = Decimal(0)

    @property
    def sms_allowance_left(self) -> int:
        return max(0, self.sms_free_allowance - self.sms_fragments)

    def __add__(self, other: "ServiceUsage") -> "ServiceUsage":
        return ServiceUsage(
            self.emails + other.emails,
            self.sms_fragments + other.sms_fragments,
            self.sms_free_allowance + other.sms_free_allowance,
            self.sms_cost + other.sms_cost,
            self.letters + other.letters,
            self.letter_cost + other.letter_cost,
        )


# `lines(organisation)`: its services that are not archived, by name.
service_lines: "Slot[Callable[[Organisation], list[ServiceLine]]]" = Slot()
# `usage(service_ids, financial_year)`: usage by service id (missing: nothing sent).
service_usage: Slot[Callable[[list[UUID], int], dict[UUID, ServiceUsage]]] = Slot()


def services_of(organisation: "Organisation") -> list[ServiceLine]:
    """The organisation's services that are not archived, by name."""
    return [line for lines in service_lines for line in lines(organisation)]


def go_live_requests_of(organisation: "Organisation") -> list[ServiceLine]:
    """The organisation's services that wait for approval, the oldest request first."""
    waiting = [line for line in services_of(organisation) if line.requested_at is not None and line.state == "pending"]
    return sorted(waiting, key=lambda line: str(line.requested_at))


def usage_of(service_ids: Iterable[UUID], year: int) -> dict[UUID, ServiceUsage]:
    """What each service used in a financial year; every id has an entry."""
    ids = list(service_ids)
    known = {key: usage for read in service_usage for key, usage in read(ids, year).items()}
    return {service_id: known.get(service_id, ServiceUsage()) for service_id in ids}
