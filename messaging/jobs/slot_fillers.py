"""What this app answers for the apps to its left: rows that wait, the file a message came from, a link."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Sum

from messaging.jobs.enums import JobState
from messaging.jobs.models import Job
from messaging.notifications import slots
from services.models import Service
from services.slots import navigation
from services.slots.navigation import NavigationItem
from services.slots.usage import WaitingMessages, waiting_readers


def waiting(service: Service) -> WaitingMessages:
    """Rows of spreadsheets that wait for a time of their own."""
    rows = Job.objects.filter(service=service, state=JobState.SCHEDULED).aggregate(rows=Sum("row_count"))["rows"]
    return WaitingMessages(scheduled=rows or 0)


def file_names(job_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What these spreadsheets were called."""
    return dict(Job.objects.filter(pk__in=list(job_ids)).values_list("pk", "original_file_name"))


waiting_readers.fill(waiting)
slots.job_file_names.fill(file_names)
navigation.add(NavigationItem("uploads", "Uploads", "jobs:upload-list", 35))
