"""How far a spreadsheet is, from folded figures: messages are not counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from messaging.jobs.models import Job
from messaging.notifications.models import JobStat, StatDelta
from messaging.notifications.queries.activity import GROUPS


@dataclass(frozen=True)
class JobFigures:
    """Messages of a job by where they stand."""

    total: int
    made: int
    sending: int
    delivered: int
    failed: int

    @property
    def percent(self) -> int:
        return min(100 * self.made // self.total, 100) if self.total else 100


def figures_of(job: Job) -> JobFigures:
    """The counts of one job: folded ones and those of the last second."""
    return figures_of_all([job])[0][1]


def figures_of_all(jobs: Sequence[Job]) -> list[tuple[Job, JobFigures]]:
    """Jobs with their counts: two queries, however many they are."""
    counts: dict[UUID, dict[int, int]] = {job.pk: {} for job in jobs}
    for model in (JobStat, StatDelta):
        rows = model.objects.filter(job_id__in=list(counts)).values_list("job_id", "status").annotate(Sum("count"))
        for job_id, status, count in rows:
            counts[job_id][status] = counts[job_id].get(status, 0) + count
    return [(job, _figures(job, counts[job.pk])) for job in jobs]


def _figures(job: Job, counts: dict[int, int]) -> JobFigures:
    grouped = {name: sum(counts.get(int(s), 0) for s in statuses) for name, statuses in GROUPS.items()}
    return JobFigures(total=job.row_count, made=job.rows_created, **grouped)
