"""Pages of the files of an email template."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from accounts.access import person_of
from messaging.message_templates.actions import attachments as actions
from messaging.message_templates.constants import MAX_FILE_SIZE
from messaging.message_templates.models import MessageTemplate, TemplateAttachment
from messaging.message_templates.queries import attachments
from messaging.message_templates.views.templates import TemplatesMixin
from notify.lib import sealed_files
from notify.lib.access import signed_in
from notify.lib.refusals import ActionRefused
from notify.lib.views import ActionFormView, ConfirmView, file_response
from services.access import get_service
from services.enums import Channel
from services.permissions import MANAGE_TEMPLATES


class AttachmentUploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="A CSV, JPEG, PNG, Excel, Word, PDF, JSON, ODT, RTF or TXT file smaller than 2 MB.",
        error_messages={"required": "Choose a file to upload", "empty": "The file is empty"},
    )


class AttachmentSettingsForm(forms.Form):
    link_text = forms.CharField(
        label="Link text (optional)",
        help_text="What recipients read instead of the file’s name.",
        required=False,
        max_length=255,
    )
    retention_weeks = forms.IntegerField(
        label="Weeks the file is available",
        help_text="Between 1 and 78, counted from the day an email is sent.",
        min_value=actions.MIN_WEEKS,
        max_value=actions.MAX_WEEKS,
        error_messages={
            "required": "Enter the number of weeks",
            "invalid": "Enter a whole number between 1 and 78",
            "min_value": "Enter a whole number between 1 and 78",
            "max_value": "Enter a whole number between 1 and 78",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input govuk-input--width-3"}),
    )
    confirm_email = forms.BooleanField(
        label="Ask recipients to confirm their email address before they download it", required=False
    )


class FilesMixin(TemplatesMixin):
    """For email templates; others have no files."""

    needs: str | None = MANAGE_TEMPLATES

    def email_template(self) -> MessageTemplate:
        template = self.get_template(archived=False)
        if template.channel != Channel.EMAIL:
            raise Http404
        return template

    def get_file(self) -> TemplateAttachment:
        template = self.email_template()
        found = TemplateAttachment.objects.active().filter(pk=self.kwargs["file_id"], template=template).first()
        if found is None:
            raise Http404
        found.template = template
        return found

    def file_url(self, file: TemplateAttachment, name: str = "template-file") -> str:
        keys = {"service_id": self.service.pk, "template_id": file.template_id, "file_id": file.pk}
        return reverse(f"message_templates:{name}", kwargs=keys)


class TemplateFilesView(FilesMixin, TemplateView):
    """`/services/<id>/templates/<id>/files`."""

    template_name = "message_templates/template_files.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        template = self.email_template()
        body = template.versions.get(number=template.version).body
        found = TemplateAttachment.objects.active().filter(template=template).order_by("filename")
        return super().get_context_data(
            page_title="Files of this template",
            template=template,
            files=[(file, attachments.names(body, file.filename)) for file in found],
            nav_current="templates",
            **kwargs,
        )


class TemplateFileAddView(FilesMixin, ActionFormView):
    form_class = AttachmentUploadForm
    page_title = "Attach a file"
    intro = "Recipients get a link to the file, not the file itself, so that you know who may see it and for how long."
    button = "Upload"

    def get_back_href(self) -> str:
        return self.template_url(self.email_template(), "template-files")

    def act(self, form: AttachmentUploadForm) -> HttpResponse:
        upload = form.cleaned_data["file"]
        # One byte more than allowed tells that a file is too large; the rest need not be read.
        content = upload.read(MAX_FILE_SIZE + 1)
        file = actions.attach_file(self.email_template(), filename=upload.name, content=content, by=self.person)
        return redirect(self.file_url(file))


class TemplateFileView(FilesMixin, ActionFormView):
    """One file: whether emails have it, and how recipients get it."""

    template_name = "message_templates/template_file.html"
    form_class = AttachmentSettingsForm
    done_message = "Saved. This holds for emails from now on."

    def get_page_title(self) -> str:
        return self.get_file().filename

    def get_back_href(self) -> str:
        return self.template_url(self.email_template(), "template-files")

    def get_initial(self) -> dict[str, Any]:
        file = self.get_file()
        fields = ("link_text", "retention_weeks", "confirm_email")
        return {name: getattr(file, name) for name in fields}

    def get_success_url(self) -> str:
        return self.file_url(self.get_file())

    def act(self, form: AttachmentSettingsForm) -> None:
        actions.change_file(self.get_file(), by=self.person, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        file = self.get_file()
        version = file.template.versions.get(number=file.template.version)
        return super().get_context_data(
            file=file,
            template=file.template,
            is_used=attachments.names(version.body, file.filename),
            nav_current="templates",
            **kwargs,
        )


class TemplateFileUseView(FilesMixin, View):
    """The button that puts the file into the message."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = self.get_file()
        try:
            actions.use_file(file, by=self.person)
        except ActionRefused as refused:
            messages.error(request, refused.reasons[0].message)
            return redirect(self.file_url(file))
        messages.success(request, "The link is at the end of the message. You can move it by editing the template.")
        return redirect(self.template_url(file.template))


class TemplateFileRemoveView(FilesMixin, ConfirmView):
    button = "Yes, remove it"
    done_message = "The file was removed"

    def get_page_title(self) -> str:
        return f"Are you sure you want to remove {self.get_file().filename}?"

    def get_consequences(self) -> list[str]:
        return ["The message no longer has a link to it.", "Links in emails that were sent before work until they expire."]

    def get_back_href(self) -> str:
        return self.file_url(self.get_file())

    def get_success_url(self) -> str:
        return self.template_url(self.email_template(), "template-files")

    def act(self, form: Form) -> None:
        actions.remove_file(self.get_file(), by=self.person)


class TemplateFileDownloadView(FilesMixin, View):
    """The file for the team."""

    needs = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = self.get_file()
        try:
            content = sealed_files.unseal(str(file.file))
        except FileNotFoundError:
            raise Http404 from None
        return file_response(file.filename, file.mime_type, content)


@signed_in
def team_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Where the link to a file leads that the team sees in previews."""
    file = get_object_or_404(TemplateAttachment.objects.select_related("template"), pk=file_id)
    get_service(person_of(request), file.template.service_id, needs=None)
    keys = {"service_id": file.template.service_id, "template_id": file.template_id, "file_id": file.pk}
    return redirect(reverse("message_templates:template-file-download", kwargs=keys))
