"""What must be true of a service before its state moves: named guards with reasons, each defined once.

The transitions of services.models.Service carry them as conditions; the actions, the pages and the back office read the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notify.lib.refusals import ActionRefused, Reason
from services import checklist
from services.checklist import ChecklistItem

if TYPE_CHECKING:  # the model carries the guards
    from services.models import Service


@dataclass(frozen=True)
class Guard:
    """One condition. `reasons` says why a service does not meet it; django-fsm calls the guard and gets a yes or a no."""

    name: str
    reasons: Callable[["Service"], list[Reason]]

    def __call__(self, service: "Service") -> bool:
        return not self.reasons(service)

    def refusal(self, service: "Service") -> ActionRefused:
        """The answer of an action that meets this guard unmet."""
        return ActionRefused(*self.reasons(service))


class GoLiveBlocked(ActionRefused):
    """Items of the checklist are outstanding; `blockers` is the list the page shows."""

    def __init__(self, outstanding: list[ChecklistItem]) -> None:
        self.blockers = outstanding
        super().__init__(*[Reason(item.slug, item.label) for item in outstanding])


class ChecklistGuard(Guard):
    """The guard whose reasons are the outstanding items."""

    def refusal(self, service: "Service") -> GoLiveBlocked:
        return GoLiveBlocked(checklist.blockers(service))


def unmet(transition: Any) -> Guard | None:
    """The first guard of a service's transition, given as `service.approve_go_live`, that is not met."""
    service = transition.__self__
    move = transition._django_fsm.get_transition(service.state)
    return next((guard for guard in move.conditions if not guard(service)), None) if move else None


def _if(stands_in_the_way: bool, sentence: str) -> list[Reason]:
    return [Reason("refused", sentence)] if stands_in_the_way else []


not_archived = Guard("not_archived", lambda s: _if(s.archived_at is not None, "This service is archived"))
not_suspended = Guard("not_suspended", lambda s: _if(s.suspended_at is not None, "This service is suspended"))
has_organisation = Guard(
    "has_organisation",
    lambda s: _if(s.organisation_id is None, "Link the service to an organisation before you approve its request"),
)
checklist_complete = ChecklistGuard(
    "checklist_complete", lambda s: [Reason(item.slug, item.label) for item in checklist.blockers(s)]
)
