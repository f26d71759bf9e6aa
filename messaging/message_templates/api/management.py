"""Managing templates: create, edit, publish, archive, and a folder of files from a pipeline."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework import serializers

from messaging.enums import Postage
from messaging.message_templates.actions import markdown_import
from messaging.message_templates.actions.markdown_import import Plan
from messaging.message_templates.actions.templates import (
    Words,
    archive_template,
    create_template,
    edit_template,
    publish_draft,
    save_draft,
)
from messaging.message_templates.api import representations
from messaging.message_templates.enums import LetterLanguages
from messaging.message_templates.markdown_files import MAX_FILES
from messaging.message_templates.models import MessageTemplate, TemplateDraft, TemplateFolder
from notify.lib import clock
from notify.lib.api_errors import json_response, validation_error
from services.api import openapi
from services.api.management import Input, ManageView
from services.api.pagination import PAGE_SIZE, page_links
from services.api.parsers import query
from services.api.validation import NOTIFICATIONS as LIST_FIELDS
from services.api.validation import check, parse_uuid
from services.enums import Channel, KeyScope
from services.models import LetterContact

_WORDS = ("body", "subject", "has_unsubscribe_link", "formatted_placeholders", "postage", "letter_languages",
          "welsh_subject", "welsh_body")  # fmt: skip


class WordsInput(Input):
    """What a template says. What is left out is empty."""

    name = serializers.CharField(max_length=255)
    body = serializers.CharField(trim_whitespace=False, max_length=100_000)
    subject = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    has_unsubscribe_link = serializers.BooleanField(required=False)
    formatted_placeholders = serializers.ListField(child=serializers.CharField(max_length=255), required=False)
    postage = serializers.ChoiceField(Postage.choices, required=False)
    letter_contact_id = serializers.UUIDField(required=False, allow_null=True)
    letter_languages = serializers.ChoiceField(LetterLanguages.choices, required=False)
    welsh_subject = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    welsh_body = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False, max_length=100_000)


class NewTemplateInput(WordsInput):
    type = serializers.ChoiceField(Channel.choices)
    slug = serializers.SlugField(required=False, max_length=255)
    folder_id = serializers.UUIDField(required=False, allow_null=True)


class EditTemplateInput(WordsInput):
    draft = serializers.BooleanField(required=False, help_text="Keep the words for later instead of sending them from now on.")


class FilesInput(Input):
    files = serializers.DictField(child=serializers.CharField(trim_whitespace=False, max_length=200_000))
    archive_missing = serializers.BooleanField(required=False)
    plan = serializers.CharField(required=False, help_text="Only if the plan is still this one.")

    def validate_files(self, value: dict[str, str]) -> dict[str, str]:
        if len(value) > MAX_FILES:
            raise serializers.ValidationError(f"must not have more than {MAX_FILES} files")
        return value


class TemplateManageView(ManageView):
    scopes = (KeyScope.TEMPLATES, KeyScope.MANAGE)

    def template(self, template_id: str) -> MessageTemplate:
        """One of the service's templates that is not deleted, with the service beside it."""
        template = self.find(MessageTemplate, template_id, is_hidden=False, archived_at__isnull=True)
        template.service = self.service
        return template

    def words(self, data: dict[str, Any]) -> Words:
        """The words of a checked body. Refuses another service's sender address."""
        contact = None
        if data.get("letter_contact_id"):
            contact = LetterContact.objects.filter(
                pk=data["letter_contact_id"], service=self.service, archived_at__isnull=True
            ).first()
            if contact is None:
                raise validation_error(["letter_contact_id does not exist"])
        given = {name: data[name] for name in _WORDS if name in data}
        return Words(name=data["name"], letter_contact=contact, **given)


class TemplatesView(TemplateManageView):
    """/api/templates"""

    @openapi.list_managed_templates
    def get(self, request: HttpRequest) -> HttpResponse:
        parameters = query(request)
        if faults := check(parameters, {"older_than": LIST_FIELDS["older_than"]}):
            raise validation_error(faults)
        found = MessageTemplate.objects.filter(service=self.service, is_hidden=False, archived_at__isnull=True)
        if "older_than" in parameters:
            found = found.filter(pk__lt=parse_uuid(parameters["older_than"]))
        page = list(found.order_by("-pk")[:PAGE_SIZE])
        links = page_links("/api/templates", parameters, page[-1].pk if page else None)
        return json_response({"templates": [shown(template) for template in page], "links": links})

    @openapi.create_template(NewTemplateInput)
    def post(self, request: HttpRequest) -> HttpResponse:
        data = self.validated(NewTemplateInput)
        folder = None
        if data.get("folder_id"):
            folder = self.find(TemplateFolder, str(data["folder_id"]))
        template = create_template(
            self.service, channel=data["type"], words=self.words(data), by=self.key, folder=folder, slug=data.get("slug", "")
        )
        return json_response(shown(template), 201)


class TemplateView(TemplateManageView):
    """/api/templates/{id}"""

    @openapi.read_managed_template
    def get(self, request: HttpRequest, template_id: str) -> HttpResponse:
        return json_response(shown(self.template(template_id)))

    @openapi.edit_template(EditTemplateInput)
    def put(self, request: HttpRequest, template_id: str) -> HttpResponse:
        template = self.template(template_id)
        data = self.validated(EditTemplateInput)
        act = save_draft if data.get("draft") else edit_template
        act(template, words=self.words(data), by=self.key)
        return json_response(shown(self.template(template_id)))

    @openapi.archive_template
    def delete(self, request: HttpRequest, template_id: str) -> HttpResponse:
        archive_template(self.template(template_id), by=self.key)
        return json_response({"id": str(self.id(template_id)), "archived": True})


class PublishView(TemplateManageView):
    """/api/templates/{id}/publish"""

    @openapi.publish_template
    def post(self, request: HttpRequest, template_id: str) -> HttpResponse:
        publish_draft(self.template(template_id), by=self.key)
        return json_response(shown(self.template(template_id)))


class FilesView(TemplateManageView):
    """/api/templates/files"""

    @openapi.export_template_files
    def get(self, request: HttpRequest) -> HttpResponse:
        return json_response({"files": markdown_import.export_files(self.service)})


class PlanView(TemplateManageView):
    """/api/templates/plan"""

    @openapi.plan_template_files
    def post(self, request: HttpRequest) -> HttpResponse:
        data = self.validated(FilesInput)
        plan = markdown_import.plan_files(
            self.service, data["files"], archive_missing=data.get("archive_missing", False), by=self.key
        )
        return json_response(_plan(plan))


class ApplyView(TemplateManageView):
    """/api/templates/apply"""

    @openapi.apply_template_files
    def post(self, request: HttpRequest) -> HttpResponse:
        data = self.validated(FilesInput)
        plan = markdown_import.apply_files(
            self.service,
            data["files"],
            archive_missing=data.get("archive_missing", False),
            by=self.key,
            expected=data.get("plan"),
        )
        return json_response(_plan(plan))


def shown(template: MessageTemplate) -> dict[str, Any]:
    """A template with all its settings, and its draft if there is one."""
    version = template.versions.select_related("created_by", "letter_contact").get(number=template.version)
    draft = TemplateDraft.objects.filter(template=template).first()
    return {
        **representations.template(template, version),
        "slug": template.slug,
        "folder_id": str(template.folder_id) if template.folder_id else None,
        **_words(version),
        "draft": None if draft is None else {**_words(draft), "name": draft.name, "updated_at": clock.wire(draft.updated_at)},
    }


def _words(source: Any) -> dict[str, Any]:
    return {
        **{name: getattr(source, name) for name in _WORDS},
        "letter_contact_id": str(source.letter_contact_id) if source.letter_contact_id else None,
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan.fingerprint,
        "possible": plan.is_possible,
        "steps": [
            {
                "action": step.action,
                "slug": step.slug or None,
                "type": step.channel or None,
                "path": step.path or None,
                "changes": step.changes,
                "problems": step.problems,
            }
            for step in plan.steps
        ],
    }
