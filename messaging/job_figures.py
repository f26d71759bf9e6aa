"""How far a spreadsheet is, from folded figures: messages are not counted."""

from dataclasses import dataclass

from django.db.models import Sum

from messaging.activity import GROUPS
from messaging.models import Job, JobStat, StatDelta


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
    counts: dict[int, int] = {}
    for model in (JobStat, StatDelta):
        rows = model.objects.filter(job_id=job.pk).values_list("status").annotate(Sum("count"))
        for status, count in rows:
            counts[status] = counts.get(status, 0) + count
    grouped = {name: sum(counts.get(int(s), 0) for s in statuses) for name, statuses in GROUPS.items()}
    return JobFigures(total=job.row_count, made=job.rows_created, **grouped)
