"""Copying a template, from this service or from another one of the person's."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from messaging.message_templates.actions.templates import copy_template
from messaging.message_templates.models import MessageTemplate
from messaging.message_templates.queries.folder_tree import FolderTree
from messaging.message_templates.views.templates import TemplatesMixin
from notify.lib.views import uuid_or_404
from services.models import Service
from services.permissions import MANAGE_TEMPLATES

# A person on many services finds the rest by opening the template's own service.
MOST_SERVICES = 50


class TemplateCopyView(TemplatesMixin, TemplateView):
    """`/services/<id>/templates/copy`: every template the person can see, service by service; choosing one copies it."""

    needs = MANAGE_TEMPLATES
    template_name = "message_templates/template_copy.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = Service.objects.visible_to(self.person).exclude(pk=self.service.pk).order_by("name")
        groups = [(each, self._templates(each)) for each in [self.service, *others[:MOST_SERVICES]]]
        return super().get_context_data(
            page_title="Copy an existing template",
            groups=[(each, found) for each, found in groups if found],
            back_href=self.list_url(),
            nav_current="templates",
            **kwargs,
        )

    def _templates(self, service: Service) -> list[MessageTemplate]:
        found = MessageTemplate.objects.usable().filter(service=service)
        return FolderTree(service, self.person.pk).visible(found.order_by("name"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = uuid_or_404(request.POST.get("template"))
        source = MessageTemplate.objects.select_related("service").filter(pk=wanted).first() if wanted else None
        mine = source is not None and (
            source.service_id == self.service.pk
            or Service.objects.visible_to(self.person).filter(pk=source.service_id).exists()
        )
        if source is None or not mine or source not in self._templates(source.service):
            raise Http404
        copy = copy_template(source, into=self.service, by=self.person)
        return redirect(self.template_url(copy, "template-edit"))
