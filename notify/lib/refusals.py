"""How an action says no: with reasons a person can read, which every face shows in its own way."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """One reason for a refusal: a stable code, a sentence for people, and the form field it belongs to, if any."""

    code: str
    message: str
    field: str = ""

    def __str__(self) -> str:
        return self.message


class ActionRefused(Exception):  # noqa: N818 - it is an answer, not a fault
    """An action was refused and nothing was changed. `reasons` is never empty."""

    def __init__(self, *reasons: Reason | str) -> None:
        self.reasons = [r if isinstance(r, Reason) else Reason("refused", r) for r in reasons]
        super().__init__("; ".join(map(str, self.reasons)))


class PermissionRefused(ActionRefused):
    """The person may not do this; faces answer 403."""
