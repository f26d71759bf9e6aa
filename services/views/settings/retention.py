"""How long messages are kept."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.generic import TemplateView

from notify.lib.views import ActionFormView
from services.actions import settings
from services.enums import Channel
from services.forms.settings import RetentionForm
from services.rules import (
    retention_days,
)
from services.views.settings.base import SettingsMixin
from services.views.settings.overview import _row


class RetentionListView(SettingsMixin, TemplateView):
    template_name = "services/retention_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            _row(self.service, True, Channel(c).label, f"{retention_days(self.service, c)} days", "retention", channel=c)
            for c in Channel.values
        ]
        return super().get_context_data(page_title="Data retention", rows=rows, **kwargs)


class RetentionView(SettingsMixin, ActionFormView):
    form_class = RetentionForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["channel"] not in Channel.values:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return f"How long messages are kept: {Channel(self.kwargs['channel']).label.lower()}"

    def get_initial(self) -> dict[str, Any]:
        return {"days": retention_days(self.service, self.kwargs["channel"])}

    def act(self, form: RetentionForm) -> None:
        channel, days = self.kwargs["channel"], form.cleaned_data["days"]
        settings.set_retention(self.service, channel=channel, days=days, by=self.person)

    def get_success_url(self) -> str:
        return reverse("services:retention-list", kwargs={"service_id": self.service.pk})
