"""Telling people in time that a key or somebody's access ends."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from accounts import emails
from notify.lib import clock
from services.actions import team_emails
from services.models import ApiKey, Membership

# Days before the end on which a team hears of it.
KEY_REMINDERS = (30, 7, 1)
ACCESS_REMINDER = timedelta(days=7)


def remind_of_ending_keys() -> int:
    """Email the managers of keys that end within 30, 7 and 1 days, once for each; returns how many keys that were.

    A key whose reminder was missed gets only the nearest one. Safe to run at any time and twice at once.
    """
    now, reminded = clock.now(), 0
    ending = ApiKey.objects.usable().filter(
        revoked_at__isnull=True, expires_at__lte=now + timedelta(days=max(KEY_REMINDERS)), service__archived_at=None
    )
    for key_id in list(ending.values_list("pk", flat=True)):
        with transaction.atomic():
            locked = ApiKey.objects.select_for_update(of=("self",), skip_locked=True).select_related("service")
            key = locked.filter(pk=key_id).first()
            if key is None or key.expires_at is None:
                continue
            due = min(days for days in KEY_REMINDERS if key.expires_at <= now + timedelta(days=days))
            if key.reminded_days is not None and key.reminded_days <= due:
                continue
            key.reminded_days = due
            key.save(update_fields=["reminded_days"])
            team_emails.to_managers(key.service, "key_expiring", key=key.name, ends=key.expires_at, days=_days_left(key))
            reminded += 1
    return reminded


def _days_left(key: ApiKey) -> int:
    assert key.expires_at is not None
    return max(1, (clock.local_day(key.expires_at) - clock.local_day()).days)


def remind_of_ending_access() -> int:
    """Email people whose access to a service ends within a week, once; returns how many."""
    now, reminded = clock.now(), 0
    ending = Membership.objects.filter(
        Q(expires_at__gt=now, expires_at__lte=now + ACCESS_REMINDER),
        reminded_at=None,
        user__is_active=True,
        service__archived_at=None,
    )
    for membership_id in list(ending.values_list("pk", flat=True)):
        with transaction.atomic():
            locked = Membership.objects.select_for_update(of=("self",), skip_locked=True)
            membership = locked.select_related("service", "user").filter(pk=membership_id, reminded_at=None).first()
            if membership is None:
                continue
            membership.reminded_at = now
            membership.save(update_fields=["reminded_at"])
            context = {"service": membership.service.name, "ends": membership.expires_at}
            emails.send("access_ending", to=membership.user.email, context=context)
            reminded += 1
    return reminded
