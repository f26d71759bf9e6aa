"""What must be true of a service before its state moves: named guards with reasons, each defined once.

The transitions of services.models.Service carry them as conditions; the actions, the pages and the back office read the same.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Model

from notify.lib.refusals import ActionRefused, Reason
from services.slots import checklist
from services.slots.checklist import ChecklistItem

if TYPE_CHECKING:  # the model carries the guards
    from services.models import Service


class Guard:
    """One condition: a function that says why a service does not meet it. django-fsm calls it and gets a yes or a no."""

    def __init__(self, reasons: Callable[["Service"], list[Reason]]) -> None:
        self.reasons = reasons
        self.name = reasons.__name__

    def __repr__(self) -> str:
        return f"<Guard {self.name}>"

    def __call__(self, service: Model) -> bool:
        return not self.reasons(cast("Service", service))

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


@Guard
def not_archived(service: "Service") -> list[Reason]:
    return [] if service.archived_at is None else [Reason("refused", "This service is archived")]


@Guard
def not_suspended(service: "Service") -> list[Reason]:
    return [] if service.suspended_at is None else [Reason("refused", "This service is suspended")]


@Guard
def has_organisation(service: "Service") -> list[Reason]:
    if service.organisation_id is not None:
        return []
    return [Reason("refused", "Link the service to an organisation before you approve its request")]


@ChecklistGuard
def checklist_complete(service: "Service") -> list[Reason]:
    return [Reason(item.slug, item.label) for item in checklist.blockers(service)]
