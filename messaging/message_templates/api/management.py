"""Managing templates: create, edit, publish, archive, and a folder of files from a pipeline."""

from typing import Any

from rest_framework.response import Response

from messaging.message_templates.actions import markdown_import
from messaging.message_templates.actions.templates import (
    TemplateContent,
    archive_template,
    create_template,
    edit_template,
    publish_draft,
    save_draft,
)
from messaging.message_templates.api.management_serializers import (
    WORDS,
    EditTemplateInput,
    FilesInput,
    ManagedTemplateSerializer,
    NewTemplateInput,
    PlanSerializer,
    TemplateFilesSerializer,
)
from messaging.message_templates.models import MessageTemplate, TemplateFolder, TemplateVersion
from notify.lib.api.errors import validation_error
from notify.lib.api.openapi import endpoint, page_of
from notify.lib.api.parsers import ApiRequest
from notify.lib.api.serializers import DoneSerializer, PageQuery
from services.api.base import ListApiView, ManageView, created, path_id
from services.enums import KeyScope
from services.models import LetterContact


class TemplateManageView(ManageView):
    tag = "Manage templates"
    scopes = (KeyScope.TEMPLATES, KeyScope.MANAGE)

    def template(self, template_id: str) -> MessageTemplate:
        """One of the service's templates that is not deleted, with the service beside it."""
        template = self.find(MessageTemplate, template_id, is_hidden=False, archived_at__isnull=True)
        template.service = self.service
        return template

    def words(self, data: dict[str, Any]) -> TemplateContent:
        """The words of a checked body. Refuses another service's sender address."""
        contact = None
        if data.get("letter_contact_id"):
            contact = LetterContact.objects.filter(
                pk=data["letter_contact_id"], service=self.service, archived_at__isnull=True
            ).first()
            if contact is None:
                raise validation_error(["letter_contact_id does not exist"])
        given = {name: data[name] for name in WORDS if name in data}
        return TemplateContent(name=data["name"], letter_contact=contact, **given)


def shown(template: MessageTemplate) -> dict[str, Any]:
    """A template with its latest words."""
    found = TemplateVersion.objects.select_related("template", "created_by", "letter_contact")
    return ManagedTemplateSerializer.show(found.get(template=template, number=template.version))


class ManagedTemplatesView(TemplateManageView, ListApiView):
    """/api/templates"""

    query_serializer = PageQuery
    page_name = "templates"
    names_others = True

    @endpoint("manage_list_templates", "List templates with their drafts", page_of("templates", ManagedTemplateSerializer))
    def get(self, request: ApiRequest) -> Response:
        PageQuery.read_query(request.query_params)
        page = self.page(MessageTemplate.objects.filter(service=self.service, is_hidden=False, archived_at__isnull=True))
        return self.get_paginated_response([shown(template) for template in page])

    @endpoint("create_template", "Create a template", ManagedTemplateSerializer, request=NewTemplateInput, status=201)
    def post(self, request: ApiRequest) -> Response:
        data = self.validated(NewTemplateInput)
        folder = None
        if data.get("folder_id"):
            folder = self.find(TemplateFolder, str(data["folder_id"]))
        template = create_template(
            self.service, channel=data["type"], words=self.words(data), by=self.key, folder=folder, slug=data.get("slug", "")
        )
        return created(shown(template))


class ManagedTemplateView(TemplateManageView):
    """/api/templates/{id}"""

    @endpoint("manage_read_template", "Read a template with its draft", ManagedTemplateSerializer)
    def get(self, request: ApiRequest, template_id: str) -> Response:
        return Response(shown(self.template(template_id)))

    @endpoint(
        "edit_template",
        "Edit a template",
        ManagedTemplateSerializer,
        request=EditTemplateInput,
        description="The new words are a new version, sent from now on; with draft they wait for publishing.",
    )
    def put(self, request: ApiRequest, template_id: str) -> Response:
        template = self.template(template_id)
        data = self.validated(EditTemplateInput)
        act = save_draft if data.get("draft") else edit_template
        act(template, words=self.words(data), by=self.key)
        return Response(shown(self.template(template_id)))

    @endpoint("archive_template", "Archive a template", DoneSerializer)
    def delete(self, request: ApiRequest, template_id: str) -> Response:
        archive_template(self.template(template_id), by=self.key)
        return Response({"id": str(path_id(template_id)), "archived": True})


class PublishView(TemplateManageView):
    """/api/templates/{id}/publish"""

    @endpoint("publish_template", "Publish a template’s draft", ManagedTemplateSerializer)
    def post(self, request: ApiRequest, template_id: str) -> Response:
        publish_draft(self.template(template_id), by=self.key)
        return Response(shown(self.template(template_id)))


class FilesView(TemplateManageView):
    """/api/templates/files"""

    @endpoint("export_template_files", "Export all templates as files", TemplateFilesSerializer)
    def get(self, request: ApiRequest) -> Response:
        return Response({"files": markdown_import.export_files(self.service)})


class PlanView(TemplateManageView):
    """/api/templates/plan"""

    @endpoint(
        "plan_template_files",
        "Plan what a folder of files would change",
        PlanSerializer,
        request=FilesInput,
        description="Changes nothing. Says for each template whether it would be created, updated, archived or left "
        "alone, which fields would change from what to what, and what is wrong with a file.",
    )
    def post(self, request: ApiRequest) -> Response:
        data = self.validated(FilesInput)
        plan = markdown_import.plan_files(
            self.service, data["files"], archive_missing=data.get("archive_missing", False), by=self.key
        )
        return Response(PlanSerializer.show(plan))


class ApplyView(TemplateManageView):
    """/api/templates/apply"""

    @endpoint(
        "apply_template_files",
        "Apply a folder of files",
        PlanSerializer,
        request=FilesInput,
        description="Makes the templates be as the files say, all or nothing.",
    )
    def post(self, request: ApiRequest) -> Response:
        data = self.validated(FilesInput)
        plan = markdown_import.apply_files(
            self.service,
            data["files"],
            archive_missing=data.get("archive_missing", False),
            by=self.key,
            expected=data.get("plan"),
        )
        return Response(PlanSerializer.show(plan))
