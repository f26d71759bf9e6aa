"""Reading templates (public-api §6)."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from content import missing_values, render_body_html
from messaging.message_templates.api import representations
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.message_templates.queries.templates import content_of
from notify.lib.api_errors import bad_request, json_response, no_result, validation_error
from services.api import openapi, validation
from services.api.base import ApiView
from services.api.parsers import parse_json, query
from services.api.validation import parse_uuid
from services.enums import Channel
from services.models import Service


def load(service: Service, template_id: str, number: int | None = None) -> tuple[MessageTemplate, TemplateVersion]:
    """A template, archived or not, in its latest or a given version (0 is the latest too).

    Refuses what is no id (400) and what is not there for this service, hidden ones included (404).
    """
    if faults := validation.check_id({"id": template_id}):
        raise validation_error(faults)
    found = MessageTemplate.objects.filter(pk=parse_uuid(template_id), service=service, is_hidden=False).first()
    if found is None:
        raise no_result()
    version = _versions().filter(template=found, number=number or found.version).first()
    if version is None:
        raise no_result()
    return found, version


def _versions() -> Any:
    return TemplateVersion.objects.select_related("created_by", "letter_contact")


class TemplatesView(ApiView):
    """GET /v2/templates"""

    @openapi.list_templates
    def get(self, request: HttpRequest) -> HttpResponse:
        parameters = query(request)
        if faults := validation.check_templates_query(parameters):
            raise validation_error(faults)
        found = MessageTemplate.objects.filter(service=self.service, is_hidden=False, archived_at__isnull=True)
        if "type" in parameters:
            found = found.filter(channel=parameters["type"])
        templates = {template.pk: template for template in found}
        latest = [
            (templates[version.template_id], version)
            for version in _versions().filter(template__in=templates)
            if version.number == templates[version.template_id].version
        ]
        latest.sort(key=lambda pair: (pair[1].name, pair[0].channel))
        return json_response({"templates": [representations.template(*pair) for pair in latest]})


class TemplateView(ApiView):
    """GET /v2/template/{id}"""

    @openapi.read_template
    def get(self, request: HttpRequest, template_id: str) -> HttpResponse:
        return json_response(representations.template(*load(self.service, template_id)))


class TemplateVersionView(ApiView):
    """GET /v2/template/{id}/version/{version}"""

    @openapi.read_template_version
    def get(self, request: HttpRequest, template_id: str, version: int) -> HttpResponse:
        return json_response(representations.template(*load(self.service, template_id, version)))


class PreviewView(ApiView):
    """POST /v2/template/{id}/preview"""

    @openapi.preview_template
    def post(self, request: HttpRequest, template_id: str) -> HttpResponse:
        data = parse_json(self.raw_body) if self.raw_body.strip() else {}
        if faults := validation.check_id({"id": template_id}) + validation.check_preview(data):
            raise validation_error(faults)
        template, version = load(self.service, template_id)
        values = data.get("personalisation", {})
        if missing := missing_values(content_of(template, version), values):
            raise bad_request(f"Missing personalisation: {', '.join(missing)}")
        subject, body = representations.rendered(template, version, values)
        is_email = template.channel == Channel.EMAIL
        return json_response(
            {
                "id": str(template.pk),
                "type": template.channel,
                "version": version.number,
                "body": body,
                "html": _html(template, version, values) if is_email else None,
                "subject": subject,
                "postage": version.postage if template.channel == Channel.LETTER else None,
            }
        )


def _html(template: MessageTemplate, version: TemplateVersion, values: dict[str, Any]) -> str:
    """The inner HTML of an email, without the document around it."""
    return render_body_html(content_of(template, version), values, formatted=version.formatted_placeholders)
