"""Spreadsheets on the web: upload, check, send, watch."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.generic import TemplateView, View

from content import MAX_FILE_BYTES, RecipientRow, example_spreadsheet, render_preview_html, render_subject_preview
from messaging.jobs.actions import jobs
from messaging.jobs.check_messages import problem_words
from messaging.jobs.check_report import CheckReport
from messaging.jobs.enums import JobState
from messaging.jobs.forms import StartForm, UploadForm
from messaging.jobs.models import ContactList, Job
from messaging.jobs.queries import figures_of, figures_of_all
from messaging.message_templates.queries.templates import content_of, version_of
from messaging.message_templates.views.templates import TemplatesMixin
from messaging.notifications.queries import activity
from notify.lib.csv_files import csv_response
from notify.lib.refusals import ActionRefused, Reason
from notify.lib.views import ActionFormView, ConfirmView, uuid_or_404
from services.access import ServiceAccessMixin
from services.enums import Channel
from services.permissions import SEND_MESSAGES, VIEW_ACTIVITY
from services.rules import sms_prefix

PER_PAGE = 50


class UploadView(TemplatesMixin, ActionFormView):
    """`/services/<id>/send/<template>/csv`."""

    needs = SEND_MESSAGES
    form_class = UploadForm
    template_name = "jobs/upload_form.html"
    button = "Upload"

    def get_page_title(self) -> str:
        return "Upload a list of recipients"

    def get_back_href(self) -> str:
        return self.template_url(self.get_template())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        template = self.get_template(archived=False)
        version = template.versions.select_related("letter_contact").get(number=template.version)
        example = example_spreadsheet(content_of(template, version))
        lines = [line.split(",") for line in example.splitlines()[:2]]
        return super().get_context_data(template=template, example=lines, nav_current="templates", **kwargs)

    def act(self, form: UploadForm) -> HttpResponse:
        uploaded = form.cleaned_data["file"]
        if uploaded.size > MAX_FILE_BYTES:
            raise ActionRefused(Reason("too_big", "The file must be smaller than 10MB", "file"))
        job = jobs.upload(
            self.service,
            template=self.get_template(archived=False),
            data=uploaded.read(),
            filename=uploaded.name,
            by=self.person,
        )
        return redirect("jobs:job-check", service_id=self.service.pk, job_id=job.pk)


class ExampleView(TemplatesMixin, View):
    """A file with the headings that the template needs."""

    needs = SEND_MESSAGES

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        template = self.get_template(archived=False)
        version = template.versions.select_related("letter_contact").get(number=template.version)
        response = HttpResponse(example_spreadsheet(content_of(template, version)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{template.slug}.csv"'
        return response


class JobMixin(ServiceAccessMixin):
    needs: str | None = SEND_MESSAGES

    def get_job(self) -> Job:
        query = Job.objects.select_related("service", "template", "created_by")
        return get_object_or_404(query, pk=self.kwargs["job_id"], service=self.service)

    def job_url(self, name: str = "job-detail") -> str:
        key = {"service_id": self.service.pk, "job_id": self.kwargs["job_id"]}
        return reverse(f"jobs:{name}", kwargs=key)


class CheckView(JobMixin, ActionFormView):
    """The file as it was read: a progress bar first, then what is wrong, or a preview and the button that sends."""

    form_class = StartForm
    template_name = "jobs/job_check.html"
    button = "Send"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        job = self.get_job()
        if job.state not in (JobState.CHECKING, JobState.READY):
            return redirect(self.job_url())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"service": self.service, "channel": self.get_job().template.channel}

    def get_back_href(self) -> str:
        return reverse(
            "jobs:upload",
            kwargs={"service_id": self.service.pk, "template_id": self.get_job().template_id},
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = self.get_job()
        report = CheckReport.loads(job.report)
        context: dict[str, Any] = {"job": job, "report": report, "is_checking": job.state == JobState.CHECKING}
        if job.state == JobState.READY:
            context["problem"] = problem_words(job, report)
            if not report.problem:
                context |= self._preview(job)
        return super().get_context_data(nav_current="uploads", **context, **kwargs)

    def get_page_title(self) -> str:
        return f"Check ‘{self.get_job().original_file_name}’"

    def _preview(self, job: Job) -> dict[str, Any]:
        number = self.request.GET.get("row", "2")
        if not number.isdigit() or not 2 <= int(number) <= job.row_count + 1:
            raise Http404
        row = self._row(job, int(number))
        template, version = version_of(job.template_id, job.template_version)
        content = content_of(template, version)
        prefix = sms_prefix(self.service) if template.channel == Channel.SMS else None
        html = render_preview_html(content, row.values, formatted=version.formatted_placeholders, prefix=prefix)
        return {
            "row_number": row.number,
            "previous_row": row.number - 1 if row.number > 2 else None,
            "next_row": row.number + 1 if row.number <= job.row_count else None,
            "recipient": row.recipient,
            "message": {
                "channel": template.channel,
                "preview": mark_safe(html),  # safe HTML of the text engine
                "subject": mark_safe(render_subject_preview(content, row.values)) if content.subject else "",
            },
        }

    def _row(self, job: Job, number: int) -> RecipientRow:
        for row in jobs.open_sheet(job):
            if row.number == number:
                return row
        raise Http404

    def act(self, form: StartForm) -> HttpResponse:
        job, sender = self.get_job(), form.cleaned_data.get("sender")
        is_text = job.template.channel == Channel.SMS
        jobs.start(
            job,
            by=self.person,
            scheduled_for=form.when(),
            sms_sender_chosen=sender if is_text else None,
            reply_to=sender if not is_text else None,
        )
        return redirect(self.job_url())


class CheckProgressView(JobMixin, TemplateView):
    """The part of the check page that refreshes while the file is read."""

    template_name = "jobs/job_check_progress.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = self.get_job()
        return super().get_context_data(job=job, is_checking=job.state == JobState.CHECKING, **kwargs)


class JobDetailView(JobMixin, TemplateView):
    """A spreadsheet being sent: how far it is, what became of its messages, the latest of them."""

    needs = None
    template_name = "jobs/job_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = self.get_job()
        chosen = self.request.GET.get("status", "")
        if chosen not in activity.STATUS_GROUPS:
            raise Http404
        page = activity.page(self.service, group=chosen, job_id=job.pk, before=uuid_or_404(self.request.GET.get("before")))
        return super().get_context_data(
            page_title=job.original_file_name,
            job=job,
            figures=figures_of(job),
            rows=page.rows,
            groups=[(key, label, key == chosen) for key, label in activity.STATUS_GROUPS.items()],
            next_href=f"?status={chosen}&before={page.next_key}" if page.next_key else "",
            may_send=self.may(SEND_MESSAGES),
            may_view_activity=self.may(VIEW_ACTIVITY),
            nav_current="uploads",
            **kwargs,
        )


class JobFiguresView(JobMixin, TemplateView):
    """The part of the job page that refreshes."""

    needs = None
    template_name = "jobs/job_figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = self.get_job()
        return super().get_context_data(job=job, figures=figures_of(job), may_send=self.may(SEND_MESSAGES), **kwargs)


class JobTurnView(JobMixin, View):
    """Pause or go on."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        verbs = {"pause": jobs.pause, "resume": jobs.resume}
        act = verbs.get(request.POST.get("verb", ""))
        if act is None:
            raise Http404
        try:
            act(self.get_job(), by=self.person)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(self.job_url())


class JobCancelView(JobMixin, ConfirmView):
    button = "Yes, cancel"
    done_message = "The spreadsheet was cancelled"

    def get_page_title(self) -> str:
        return f"Are you sure you want to cancel ‘{self.get_job()}’?"

    def get_consequences(self) -> list[str]:
        job = self.get_job()
        made, left = job.rows_created, job.row_count - job.rows_created
        return [f"{left:,} messages will not be sent", f"{made:,} messages that were made already are sent all the same"]

    def get_back_href(self) -> str:
        return self.job_url()

    def get_success_url(self) -> str:
        return reverse("jobs:upload-list", kwargs={"service_id": self.service.pk})

    def act(self, form: Form) -> None:
        jobs.cancel(self.get_job(), by=self.person)


class JobCsvView(JobMixin, View):
    """What became of each row, as a file."""

    needs = VIEW_ACTIVITY

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        job = self.get_job()
        chosen = request.GET.get("status", "")
        if chosen not in activity.STATUS_GROUPS:
            raise Http404
        lines = activity.export_job(self.service, job_id=job.pk, file_name=job.original_file_name, group=chosen)
        return csv_response("report.csv", lines)


class UploadListView(ServiceAccessMixin, TemplateView):
    """`/services/<id>/uploads`: contact lists, what is scheduled, what was sent."""

    template_name = "jobs/upload_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = Job.objects.filter(service=self.service).select_related("template")
        sent = query.exclude(state__in=[JobState.SCHEDULED, JobState.CHECKING, JobState.READY])
        before = uuid_or_404(self.request.GET.get("before"))
        found = list((sent.filter(pk__lt=before) if before else sent)[: PER_PAGE + 1])
        shown = found[:PER_PAGE]
        return super().get_context_data(
            page_title="Uploads",
            scheduled=query.filter(state=JobState.SCHEDULED).order_by("scheduled_for") if not before else [],
            jobs=figures_of_all(shown),
            contact_lists=[] if before else ContactList.objects.active().filter(service=self.service)[:50],
            may_send=self.may(SEND_MESSAGES),
            next_href=f"?before={shown[-1].pk}" if len(found) > PER_PAGE else "",
            nav_current="uploads",
            **kwargs,
        )
