"""Addresses of spreadsheets, below /services/<id>/."""

from django.urls import URLPattern, URLResolver, include, path

from messaging.jobs.views import contact_lists, jobs

app_name = "jobs"

_service: list[URLPattern | URLResolver] = [
    path("send/<uuid:template_id>/csv", jobs.UploadView.as_view(), name="upload"),
    path("send/<uuid:template_id>.csv", jobs.ExampleView.as_view(), name="upload-example"),
    path("check/<uuid:job_id>", jobs.CheckView.as_view(), name="job-check"),
    path("check/<uuid:job_id>/progress", jobs.CheckProgressView.as_view(), name="job-check-progress"),
    path("jobs/<uuid:job_id>", jobs.JobDetailView.as_view(), name="job-detail"),
    path("jobs/<uuid:job_id>/figures", jobs.JobFiguresView.as_view(), name="job-figures"),
    path("jobs/<uuid:job_id>/turn", jobs.JobTurnView.as_view(), name="job-turn"),
    path("jobs/<uuid:job_id>/cancel", jobs.JobCancelView.as_view(), name="job-cancel"),
    path("jobs/<uuid:job_id>.csv", jobs.JobCsvView.as_view(), name="job-download"),
    path("upload-contact-list", contact_lists.ContactListAddView.as_view(), name="contact-list-add"),
    path("contact-list/<uuid:list_id>", contact_lists.ContactListView.as_view(), name="contact-list"),
    path(
        "contact-list/<uuid:list_id>/download",
        contact_lists.ContactListDownloadView.as_view(),
        name="contact-list-download",
    ),
    path("contact-list/<uuid:list_id>/delete", contact_lists.ContactListDeleteView.as_view(), name="contact-list-delete"),
    path(
        "send/<uuid:template_id>/from-contact-list",
        contact_lists.ContactListChooseView.as_view(),
        name="contact-list-choose",
    ),
    path("uploads", jobs.UploadListView.as_view(), name="upload-list"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("services/<uuid:service_id>/", include(_service))]
