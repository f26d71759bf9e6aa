"""Ten wrong passwords, or ten wrong codes, and an account rests for half an hour (reliability §3.7).

The counters stand in PostgreSQL and each attempt is taken by one UPDATE *before* it is evaluated: however many arrive at once,
no eleventh is looked at, and a flushed cache forgets nothing.
"""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Case, F, Q, Value, When

from accounts.models import User
from notify.lib import clock

LIMIT = 10
LOCKED_FOR = timedelta(minutes=30)

Counter = Literal["failed_sign_ins", "failed_codes"]
PASSWORD: Counter = "failed_sign_ins"
CODE: Counter = "failed_codes"


def take(user_id: UUID, counter: Counter) -> bool:
    """Take one attempt; False when the account is locked and nothing may be evaluated."""
    now = clock.now()
    old = Q(last_failure_at__isnull=True) | Q(last_failure_at__lt=now - LOCKED_FOR)
    counted = User.objects.filter(old | Q(**{f"{counter}__lt": LIMIT}), pk=user_id).update(
        **{counter: Case(When(old, then=Value(1)), default=F(counter) + 1)}, last_failure_at=now
    )
    return counted == 1


def give_back(user_id: UUID, counter: Counter) -> None:
    """A right answer starts the count again."""
    User.objects.filter(pk=user_id).update(**{counter: 0})


def unlock(user_id: UUID) -> None:
    """Forget every failure, as a new password through the mailbox does."""
    User.objects.filter(pk=user_id).update(failed_sign_ins=0, failed_codes=0, last_failure_at=None)


def is_last(user_id: UUID, counter: Counter) -> bool:
    """Whether the attempt just taken was the last one."""
    return User.objects.filter(pk=user_id, **{f"{counter}__gte": LIMIT}).exists()
