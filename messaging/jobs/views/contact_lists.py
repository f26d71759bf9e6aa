"""Contact lists on the web."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from content import MAX_FILE_BYTES, placeholders
from messaging.jobs.actions import contact_lists
from messaging.jobs.forms import UploadForm
from messaging.jobs.models import ContactList, Job
from messaging.message_templates.queries.templates import content_of
from messaging.message_templates.views.templates import TemplatesMixin
from notify.lib import sealed_files
from notify.lib.refusals import ActionRefused, Reason
from notify.lib.views import ActionFormView, ConfirmView, uuid_or_404
from services.access import ServiceAccessMixin
from services.permissions import MANAGE_TEMPLATES, SEND_MESSAGES


class ContactListMixin(ServiceAccessMixin):
    needs: str | None = SEND_MESSAGES

    def get_list(self) -> ContactList:
        query = ContactList.objects.select_related("service", "created_by").active()
        return get_object_or_404(query, pk=self.kwargs["list_id"], service=self.service)

    def uploads_url(self) -> str:
        return reverse("jobs:upload-list", kwargs={"service_id": self.service.pk})


class ContactListAddView(ContactListMixin, ActionFormView):
    form_class = UploadForm
    page_title = "Save a contact list"
    intro = "Upload a file with one column, called ‘email address’ or ‘phone number’. You can send to it again and again."
    button = "Upload"

    def get_back_href(self) -> str:
        return self.uploads_url()

    def act(self, form: UploadForm) -> HttpResponse:
        uploaded = form.cleaned_data["file"]
        if uploaded.size > MAX_FILE_BYTES:
            raise ActionRefused(Reason("too_big", "The file must be smaller than 10MB", "file"))
        saved = contact_lists.save_contact_list(self.service, data=uploaded.read(), filename=uploaded.name, by=self.person)
        return redirect("jobs:contact-list", service_id=self.service.pk, list_id=saved.pk)


class ContactListView(ContactListMixin, TemplateView):
    template_name = "jobs/contact_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.get_list()
        return super().get_context_data(
            page_title=found.name,
            contact_list=found,
            jobs=Job.objects.filter(contact_list=found).select_related("template")[:20],
            may_delete=self.may(MANAGE_TEMPLATES),
            nav_current="uploads",
            **kwargs,
        )


class ContactListDownloadView(ContactListMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.get_list()
        response = HttpResponse(sealed_files.unseal(str(found.file)), content_type="application/octet-stream")
        ending = found.name.rpartition(".")[2][:5]
        response["Content-Disposition"] = f'attachment; filename="contact-list.{ending}"'
        return response


class ContactListDeleteView(ContactListMixin, ConfirmView):
    needs = MANAGE_TEMPLATES
    button = "Yes, delete this list"

    def get_page_title(self) -> str:
        return f"Are you sure you want to delete ‘{self.get_list()}’?"

    def get_back_href(self) -> str:
        key = {"service_id": self.service.pk, "list_id": self.kwargs["list_id"]}
        return reverse("jobs:contact-list", kwargs=key)

    def get_success_url(self) -> str:
        return self.uploads_url()

    def act(self, form: Form) -> None:
        contact_lists.delete_contact_list(self.get_list(), by=self.person)


class ContactListChooseView(TemplatesMixin, TemplateView):
    """Which list a template is sent to; not possible while the template asks for more than the recipient."""

    needs = SEND_MESSAGES
    template_name = "jobs/contact_list_choose.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        template = self.get_template(archived=False)
        version = template.versions.select_related("letter_contact").get(number=template.version)
        lists = ContactList.objects.active().filter(service=self.service, channel=template.channel)
        return super().get_context_data(
            page_title="Choose a contact list",
            template=template,
            lists=lists[:100],
            has_placeholders=bool(placeholders(content_of(template, version))),
            back_href=self.template_url(template),
            nav_current="templates",
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        query = ContactList.objects.select_related("service").active().filter(service=self.service)
        found = get_object_or_404(query, pk=uuid_or_404(request.POST.get("list")))
        job = contact_lists.use_contact_list(found, template=self.get_template(archived=False), by=self.person)
        return redirect("jobs:job-check", service_id=self.service.pk, job_id=job.pk)
