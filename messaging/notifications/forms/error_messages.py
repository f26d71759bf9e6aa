"""Why a message is not accepted in the words of the pages, with what to do next."""

from django.urls import reverse

from messaging.notifications.refusals import MessageRefused
from notify.lib import clock
from services.models import Service


def page_message(refusal: MessageRefused, service: Service) -> str:
    """What a page says of a refusal."""
    words = {
        "trial_mode": (
            "In trial mode you can only send to yourself and your team. Make your service live to send to anyone, at "
            + reverse("services:go-live", kwargs={"service_id": service.pk})
        ),
        "international": "Your service cannot send text messages to other countries. You can change this in settings",
        "landline": "Your service cannot send text messages to UK landlines. Ask the platform’s staff if you need to",
        "suppressed": "This person is on your list of people not to contact",
        "daily_limit": (
            "You have reached your daily limit. You can send more after midnight (UTC), in "
            f"{_hours_left()} hour{'' if _hours_left() == 1 else 's'}"
        ),
    }
    return words.get(refusal.code, refusal.message[:1].upper() + refusal.message[1:])


def _hours_left() -> int:
    return max(round((clock.start_of_next_utc_day() - clock.now()).total_seconds() / 3600), 1)
