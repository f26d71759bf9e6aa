"""The page of a service's API integration."""

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from services.access import ServiceAccessMixin
from services.permissions import MANAGE_API_KEYS
from services.slots import api_links


class ApiIntegrationView(ServiceAccessMixin, TemplateView):
    """`/services/<id>/api`: keys, guest list, callbacks."""

    needs = MANAGE_API_KEYS
    template_name = "services/api.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        links = [(each, reverse(each.url_name, kwargs={"service_id": self.service.pk})) for each in api_links.links()]
        return super().get_context_data(page_title="API integration", links=links, nav_current="api", **kwargs)
