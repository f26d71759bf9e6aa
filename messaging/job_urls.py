"""Addresses of spreadsheets, below /services/<id>/."""

from django.urls import URLPattern, URLResolver, path

from messaging.views import jobs

urlpatterns: list[URLPattern | URLResolver] = [
    path("send/<uuid:template_id>/csv", jobs.UploadView.as_view(), name="upload"),
    path("send/<uuid:template_id>.csv", jobs.ExampleView.as_view(), name="upload-example"),
    path("check/<uuid:job_id>", jobs.CheckView.as_view(), name="job-check"),
    path("check/<uuid:job_id>/progress", jobs.CheckProgressView.as_view(), name="job-check-progress"),
    path("jobs/<uuid:job_id>", jobs.JobDetailView.as_view(), name="job-detail"),
    path("jobs/<uuid:job_id>/figures", jobs.JobFiguresView.as_view(), name="job-figures"),
    path("jobs/<uuid:job_id>/turn", jobs.JobTurnView.as_view(), name="job-turn"),
    path("jobs/<uuid:job_id>/cancel", jobs.JobCancelView.as_view(), name="job-cancel"),
    path("jobs/<uuid:job_id>.csv", jobs.JobCsvView.as_view(), name="job-download"),
    path("uploads", jobs.UploadListView.as_view(), name="upload-list"),
]
