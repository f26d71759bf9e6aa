"""Prices of texts and letters from a day on; staff only. Messages sent before keep what they cost."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts import staff
from audit.actors import Actor
from audit.record import record
from messaging.notifications.models import LetterRate, SmsRate
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from notify.lib.short_cache import clear_cache

# A price above is a slip of the keyboard.
MOST_POUNDS = Decimal(100)
MOST_SHEETS = 5


@transaction.atomic
def add_sms_rate(*, valid_from: date, rate: Decimal, by: Actor) -> SmsRate:
    """Pounds per text message fragment from a day on. Refuses a day in the past, one that has a price, and silly prices."""
    staff.require(by, "notifications.add_smsrate")
    _check(valid_from, rate)
    if SmsRate.objects.filter(pk=valid_from).exists():
        raise ActionRefused(Reason("taken", "There is a price from this day already", "valid_from"))
    added = SmsRate.objects.create(valid_from=valid_from, rate=rate)
    record("rate.added", actor=by, subject=added)
    transaction.on_commit(clear_cache)
    return added


@transaction.atomic
def add_letter_rate(*, valid_from: date, postage: str, sheets: int, rate: Decimal, by: Actor) -> LetterRate:
    """Pounds per letter of a number of sheets and a postage from a day on, for crown and other bodies alike."""
    staff.require(by, "notifications.add_letterrate")
    _check(valid_from, rate)
    if not 1 <= sheets <= MOST_SHEETS:
        raise ActionRefused(Reason("sheets", f"A letter has 1 to {MOST_SHEETS} sheets", "sheets"))
    if LetterRate.objects.filter(valid_from=valid_from, postage=postage, sheets=sheets).exists():
        raise ActionRefused(Reason("taken", "There is a price from this day already", "valid_from"))
    other, crown = [
        LetterRate.objects.create(valid_from=valid_from, postage=postage, sheets=sheets, crown=is_crown, rate=rate)
        for is_crown in (False, True)
    ]
    record("rate.added", actor=by, subject=crown)
    return other


def _check(valid_from: date, rate: Decimal) -> None:
    if valid_from < clock.local_day():
        raise ActionRefused(Reason("past", "Bills of the past stay as they are: choose today or a later day", "valid_from"))
    if not 0 <= rate <= MOST_POUNDS:
        raise ActionRefused(Reason("rate", f"Enter pounds from 0 to {MOST_POUNDS}", "rate"))
