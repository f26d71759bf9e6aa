"""Reading templates (public-api §6)."""

from typing import Any

from django.db.models import F, QuerySet
from rest_framework.response import Response

from content import missing_values
from messaging.message_templates.api.serializers import (
    PreviewSerializer,
    PreviewTemplateSerializer,
    Rendered,
    TemplateSerializer,
    TemplatesQuery,
    TemplatesSerializer,
)
from messaging.message_templates.models import TemplateVersion
from messaging.message_templates.queries.templates import content_of
from notify.lib.api.errors import bad_request, no_result, validation_error
from notify.lib.api.fields import parse_uuid
from notify.lib.api.openapi import endpoint
from notify.lib.api.parsers import ApiRequest
from services.api.base import ApiView, path_id
from services.models import Service


def load(service: Service, template_id: str, number: int | None = None) -> TemplateVersion:
    """A template, archived or not, in its latest or a given version (0 is the latest too).

    Refuses what is no id (400) and what is not there for this service, hidden ones included (404).
    """
    mine = _versions(service).filter(template_id=path_id(template_id))
    version = mine.filter(number=number).first() if number else mine.filter(number=F("template__version")).first()
    if version is None:
        raise no_result()
    return version


def _versions(service: Service) -> QuerySet[TemplateVersion]:
    found = TemplateVersion.objects.select_related("template", "created_by", "letter_contact")
    return found.filter(template__service=service, template__is_hidden=False)


class TemplatesView(ApiView):
    """GET /v2/templates"""

    tag = "Templates"
    query_serializer = TemplatesQuery

    @endpoint("list_templates", "List templates", TemplatesSerializer)
    def get(self, request: ApiRequest) -> Response:
        wanted = TemplatesQuery.read_query(request.query_params)
        latest = _versions(self.service).filter(template__archived_at__isnull=True, number=F("template__version"))
        if "type" in wanted:
            latest = latest.filter(template__channel=wanted["type"])
        in_order = sorted(latest, key=lambda version: (version.name, version.template.channel))
        return Response(TemplatesSerializer.show({"templates": in_order}))


class TemplateView(ApiView):
    """GET /v2/template/{id}"""

    tag = "Templates"

    @endpoint("read_template", "Read a template", TemplateSerializer)
    def get(self, request: ApiRequest, template_id: str) -> Response:
        return Response(TemplateSerializer.show(load(self.service, template_id)))


class TemplateVersionView(ApiView):
    """GET /v2/template/{id}/version/{version}"""

    tag = "Templates"

    @endpoint("read_template_version", "Read a version of a template", TemplateSerializer)
    def get(self, request: ApiRequest, template_id: str, version: int) -> Response:
        return Response(TemplateSerializer.show(load(self.service, template_id, version)))


class PreviewView(ApiView):
    """POST /v2/template/{id}/preview"""

    tag = "Templates"

    @endpoint("preview_template", "Preview a message", PreviewSerializer, request=PreviewTemplateSerializer)
    def post(self, request: ApiRequest, template_id: str) -> Response:
        data: Any = request.data if request.body.strip() else {}
        no_id = [] if parse_uuid(template_id) else ["id is not a valid UUID"]
        if faults := no_id + PreviewTemplateSerializer.attempt(data)[1]:
            raise validation_error(faults)
        version, values = load(self.service, template_id), data.get("personalisation", {})
        if missing := missing_values(content_of(version.template, version), values):
            raise bad_request(f"Missing personalisation: {', '.join(missing)}")
        return Response(PreviewSerializer.show(Rendered(version, values)))
