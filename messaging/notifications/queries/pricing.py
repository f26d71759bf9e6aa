"""What messages cost."""

from bisect import bisect_right
from datetime import date
from decimal import Decimal

from messaging.notifications.models import LetterRate, SmsRate
from notify.lib.short_cache import cached


def sms_rate(day: date) -> Decimal:
    """Pounds for one text message fragment on a day; 0 before the first known rate."""
    rates = cached("sms_rates", lambda: list(SmsRate.objects.order_by("valid_from").values_list("valid_from", "rate")))
    index = bisect_right([valid_from for valid_from, _ in rates], day)
    return rates[index - 1][1] if index else Decimal(0)


def letter_rate(day: date, *, sheets: int, postage: str, crown: bool) -> Decimal:
    """Pounds for one letter on a day; 0 where no rate is known."""
    rate = (
        LetterRate.objects.filter(valid_from__lte=day, sheets=sheets, postage=postage, crown=crown)
        .order_by("-valid_from")
        .values_list("rate", flat=True)
        .first()
    )
    return rate or Decimal(0)
