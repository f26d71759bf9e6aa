"""What messaging answers for services: folders, receiving numbers, what waits, what was sent in a year."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Sum

from audit.record import SYSTEM
from messaging.actions.folders import set_folder_access
from messaging.actions.staff import allocate_inbound_number
from messaging.enums import JobState
from messaging.folders import FolderTree
from messaging.models import FolderAccess, InboundNumber, Job, SendQueue, StatDay, TemplateFolder
from notify.lib import clock
from notify.lib.refusals import ActionRefused
from services import folders, inbound, usage
from services.enums import KeyType
from services.models import Membership, Service
from services.usage import Waiting


def folder_choices(service: Service) -> list[tuple[str, str]]:
    """Every folder of a service with its path."""
    return FolderTree(service, None).choices()


def folders_of(membership: Membership) -> list[str]:
    """The ids of the folders a person was given."""
    return [str(pk) for pk in FolderAccess.objects.filter(membership=membership).values_list("folder_id", flat=True)]


def set_folders(membership: Membership, ids: Sequence[str] | None, *, by: Any) -> None:
    """Give a person these folders, None for all; folders that are gone by now are left out."""
    chosen = None
    if ids is not None:
        chosen = list(TemplateFolder.objects.filter(service=membership.service, pk__in=list(ids)))
    set_folder_access(membership, folders=chosen, by=by)


def allocate_next_number(service: Service, *, by: Any) -> None:
    """Give a service the next free number that receives; refuses when there is none. The caller has checked who asks."""
    free = InboundNumber.objects.select_for_update(skip_locked=True).filter(service=None, is_active=True)
    number = free.order_by("number").first()
    if number is None:
        raise ActionRefused("No number is free at the moment: write to the platform’s support")
    allocate_inbound_number(number, service=service, by=SYSTEM)


def waiting(service: Service) -> Waiting:
    """Messages and rows of spreadsheets that were accepted and not sent: now, or at a time of their own."""
    queued = SendQueue.objects.filter(service_id=service.pk)
    later = queued.filter(not_before__gt=clock.now()).count()
    jobs = Job.objects.filter(service=service, state=JobState.SCHEDULED).aggregate(rows=Sum("row_count"))["rows"] or 0
    return Waiting(queued=queued.count() - later, scheduled=later + jobs)


def sent_in_a_year(service: Service) -> int:
    """The larger of the last financial year's messages and this year's at its pace so far."""
    today = clock.local_day()
    start = date(clock.financial_year(today), 4, 1)
    days = max((today - start).days, 1)
    # A year that is a few days old says nothing about its pace.
    pace = round(_sent(service, start, today) * 365 / days) if days >= 30 else 0
    return max(_sent(service, date(start.year - 1, 4, 1), start), pace)


def _sent(service: Service, start: date, end: date) -> int:
    rows = StatDay.objects.filter(service_id=service.pk, day__gte=start, day__lt=end).exclude(key_type=KeyType.TEST)
    return rows.aggregate(total=Sum("count"))["total"] or 0


folders.register(folders.FolderAccess(choices=folder_choices, of=folders_of, set=set_folders))
inbound.register(allocate_next_number)
usage.register_waiting_reader(waiting)
usage.register_year_reader(sent_in_a_year)
