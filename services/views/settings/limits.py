"""How much a service may send."""

from typing import Any

from django.views.generic import TemplateView

from notify.lib import clock
from services.rules import (
    LIMITED_CHANNELS,
    daily_limit,
)
from services.slots import usage
from services.views.settings.base import SettingsMixin

LIMIT_LABELS = {
    "email": "Emails",
    "sms": "Text messages",
    "letter": "Letters",
    "international_sms": "Text messages to other countries",
}


class LimitsView(SettingsMixin, TemplateView):
    """What may be sent each day, what is left today, and when it starts again."""

    template_name = "services/limits.html"
    needs = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        limits = []
        for channel in LIMITED_CHANNELS:
            limit, used = daily_limit(self.service, channel), usage.used_today(self.service, channel)
            limits.append({"label": LIMIT_LABELS[channel], "limit": limit, "used": used, "left": max(limit - used, 0)})
        return super().get_context_data(
            page_title="Message limits",
            limits=limits,
            resets_at=clock.start_of_next_utc_day(),
            **kwargs,
        )
