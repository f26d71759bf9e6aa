"""Spreadsheets: taken in, checked, sent, paused and cancelled.

The file stays as it is; every message's id follows from the job and the row, so that a chunk that is worked on twice makes no
second message (docs/decisions/0002-postgresql-is-the-queue.md).
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit.actors import Actor
from audit.record import SYSTEM, record
from content import (
    MAX_FILE_BYTES,
    InvalidRecipient,
    PostalAddress,
    RecipientRow,
    RecipientSheet,
    UnreadableFile,
    open_spreadsheet,
    parse_email_address,
    read_recipients,
)
from messaging.enums import Postage, Status
from messaging.jobs.check_report import PREVIEW_ROWS, CheckReport, report_of
from messaging.jobs.constants import WORK_ON_JOBS
from messaging.jobs.enums import JobState
from messaging.jobs.models import ContactList, Job
from messaging.message_templates.models import MessageTemplate
from messaging.message_templates.queries.templates import content_of, version_of
from messaging.notifications.actions import quota
from messaging.notifications.actions.accept import sealed_content
from messaging.notifications.actions.store import NewMessage, store
from messaging.notifications.constants import DISPATCH
from messaging.notifications.enums import Lane
from messaging.notifications.models import Notification, Suppression
from messaging.notifications.queries.senders import email_reply_to, sms_sender
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import Recipient, phone_recipient
from notify.lib import clock, sealed_files
from notify.lib.ids import deterministic_uuid7
from notify.lib.refusals import ActionRefused, Reason
from notify.lib.wakeup import wake, wake_on_commit
from services.access import require
from services.enums import Channel, ServicePermission
from services.models import EmailReplyTo, Service, SmsSender
from services.permissions import SEND_MESSAGES
from services.queries.team import current_memberships
from services.rules import retention_days

FOLDER = "jobs"
# Rows between two looks at whether somebody cancelled, and in one transaction.
CHUNK = 1_000
CHECK_STEP = 5_000
LEASE = timedelta(seconds=60)
FURTHEST_SCHEDULE = timedelta(days=7)
# A file that was read but never sent is forgotten after this long.
UNSENT_KEPT = timedelta(days=1)

_FORCED_POSTAGE = {"europe": Postage.EUROPE, "rest-of-world": Postage.REST_OF_WORLD}
_MOVING = [JobState.IN_PROGRESS, JobState.PAUSED, JobState.SCHEDULED, JobState.FINISHED]


def upload(
    service: Service,
    *,
    template: MessageTemplate,
    data: bytes,
    filename: str,
    by: User,
    contact_list: ContactList | None = None,
) -> Job:
    """Take a spreadsheet in and start to check it.

    Refuses people who may not send, a deleted template, a file that is too big or cannot be read, each with the reason
    beside the field `file`.
    """
    require(by, service, SEND_MESSAGES)
    if template.service_id != service.pk or template.archived_at is not None:
        raise ActionRefused("This template has been deleted")
    if len(data) > MAX_FILE_BYTES:
        raise ActionRefused(Reason("too_big", "The file must be smaller than 10MB", "file"))
    try:
        open_spreadsheet(data, filename).close()
    except UnreadableFile as error:
        raise ActionRefused(Reason("unreadable", str(error), "file")) from error
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        job = Job.objects.create(
            service=service,
            template=template,
            template_version=template.version,
            original_file_name=filename[-255:],
            file_hash=digest,
            contact_list=contact_list,
            created_by=by,
        )
        job.file = sealed_files.seal(FOLDER, str(job.pk), data)
        job.save(update_fields=["file"])
        wake_on_commit(WORK_ON_JOBS)
    return job


def open_sheet(job: Job, **more: Any) -> RecipientSheet:
    """The job's file as recipients of its template; `more` goes to read_recipients."""
    template, version = version_of(job.template_id, job.template_version)
    service = job.service
    return read_recipients(
        open_spreadsheet(sealed_files.unseal(job.file.name or ""), job.original_file_name),
        content_of(template, version),
        international_allowed=service.has_permission(ServicePermission.INTERNATIONAL_SMS),
        landlines_allowed=service.has_permission(ServicePermission.SMS_TO_UK_LANDLINES),
        international_letters=service.has_permission(ServicePermission.INTERNATIONAL_LETTERS),
        formatted=version.formatted_placeholders,
        **more,
    )


def check(job: Job) -> CheckReport:
    """Read every row and keep what was found; a job that was cancelled meanwhile is left alone."""
    channel = job.template.channel
    try:
        sheet = open_sheet(
            job,
            allow_list=None if job.service.is_live else _team(job.service, channel),
            remaining=quota.remaining_today(job.service, channel),
            remaining_international=quota.remaining_today(job.service, quota.INTERNATIONAL) if channel == Channel.SMS else None,
        )
        first: list[RecipientRow] = []
        for count, row in enumerate(sheet, start=1):
            if len(first) < PREVIEW_ROWS:
                first.append(row)
            if count % CHECK_STEP == 0 and not _still_checking(job, count):
                return CheckReport(problem="cancelled")
        found = report_of(sheet, first)
    except UnreadableFile as error:
        found = CheckReport(problem="unreadable", message=str(error))
    _add_our_own_problems(job, found)
    Job.objects.filter(pk=job.pk, state=JobState.CHECKING).update(
        state=JobState.READY,
        row_count=found.row_count,
        rows_checked=found.row_count,
        international_rows=found.international_count,
        report=found.dumps(),
        lease_until=None,
    )
    return found


def _still_checking(job: Job, count: int) -> bool:
    moment = clock.now()
    return bool(Job.objects.filter(pk=job.pk, state=JobState.CHECKING).update(rows_checked=count, lease_until=moment + LEASE))


def _team(service: Service, channel: str) -> list[str]:
    """Everybody a service in trial mode may send to from the web: its own team."""
    field = "user__mobile_number" if channel == Channel.SMS else "user__email"
    return [value for value in current_memberships(service).values_list(field, flat=True) if value]


def _add_our_own_problems(job: Job, found: CheckReport) -> None:
    """What the file itself cannot know: letters in trial mode, and the same file sent today already."""
    if found.problem in ("", "bad_rows", "not_allowed", "more_rows_than_remaining") and _sent_today(job):
        found.problem = "same_file"
    if found.problem in ("", "more_rows_than_remaining") and job.template.channel == Channel.LETTER and not job.service.is_live:
        found.problem = "trial_letters"


def _sent_today(job: Job) -> bool:
    """The same file, template and version in a job of today that was not cancelled (reference: web-ui §10.3)."""
    return (
        Job.objects.filter(
            service=job.service,
            template=job.template,
            template_version=job.template_version,
            file_hash=job.file_hash,
            state__in=_MOVING,
            created_at__gte=clock.now() - timedelta(days=1),
        )
        .exclude(pk=job.pk)
        .exists()
    )


def start(
    job: Job,
    *,
    by: Actor,
    scheduled_for: datetime | None = None,
    sms_sender_chosen: SmsSender | None = None,
    reply_to: EmailReplyTo | None = None,
) -> Job:
    """Send a checked spreadsheet, now or at a time within seven days; a second click changes nothing.

    Refuses people who may not send, a file with problems, a time in the past or too far ahead, a paused service, and more
    rows than are left today (the whole file is taken off today's allowance at once).
    """
    require(by, job.service, SEND_MESSAGES)
    _check_time(scheduled_for)
    with transaction.atomic():
        job = _lock(job)
        if job.state in _MOVING:
            return job
        if job.state != JobState.READY or CheckReport.loads(job.report).problem or _sent_today(job):
            raise ActionRefused("This file cannot be sent as it is: upload it again")
        if job.service.suspended_at is not None or job.service.archived_at is not None:
            raise ActionRefused("Your service cannot send messages at the moment")
        if job.service.state != "live" and job.template.channel == Channel.LETTER:
            raise ActionRefused("Your service is in trial mode, so it cannot send letters")
        job.sms_sender, job.reply_to = sms_sender_chosen, reply_to
        if scheduled_for is None:
            _reserve(job)
            job.state, job.started_at = JobState.IN_PROGRESS, clock.now()
        else:
            job.state, job.scheduled_for = JobState.SCHEDULED, scheduled_for
        job.save()
        data: dict[str, Any] = {"rows": job.row_count}
        if scheduled_for:
            record("job.scheduled", actor=by, subject=job, data=data | {"at": clock.wire(scheduled_for)})
        else:
            record("job.started", actor=by, subject=job, data=data)
            wake_on_commit(WORK_ON_JOBS)
    return job


def _check_time(scheduled_for: datetime | None) -> None:
    if scheduled_for is not None and not clock.now() < scheduled_for <= clock.now() + FURTHEST_SCHEDULE + timedelta(days=1):
        raise ActionRefused(Reason("time", "Choose a time within the next seven days", "scheduled_for"))


def _reserve(job: Job) -> None:
    """Take the whole file off today's allowance; refuses with what is left."""
    try:
        quota.reserve(
            job.service,
            job.template.channel,
            job.row_count,
            key_type="normal",
            international=_texts_abroad(job),
        )
    except MessageRefused as refusal:
        left = quota.remaining_today(job.service, job.template.channel)
        raise ActionRefused(
            Reason("daily_limit", f"You can send {left:,} more messages today, and this file has {job.row_count:,}")
        ) from refusal


def _texts_abroad(job: Job) -> int:
    """How many of its rows count against the allowance of international texts as well; letters abroad do not."""
    return job.international_rows if job.template.channel == Channel.SMS else 0


def pause(job: Job, *, by: Actor) -> Job:
    """Stop making messages until somebody goes on; those made already are sent."""
    return _turn(job, by, JobState.IN_PROGRESS, JobState.PAUSED, "job.paused")


def resume(job: Job, *, by: Actor) -> Job:
    """Go on where the job was paused."""
    job = _turn(job, by, JobState.PAUSED, JobState.IN_PROGRESS, "job.resumed")
    wake(WORK_ON_JOBS)
    return job


def _turn(job: Job, by: Actor, source: JobState, target: JobState, event: str) -> Job:
    require(by, job.service, SEND_MESSAGES)
    with transaction.atomic():
        job = _lock(job)
        if job.state != source:
            raise ActionRefused(f"This is not possible any more: the spreadsheet is {job.get_state_display().lower()}")
        job.state = target
        job.save(update_fields=["state"])
        record(event, actor=by, subject=job)
    return job


def cancel(job: Job, *, by: Actor) -> Job:
    """Make no more messages; those made already are sent. What was reserved and not used goes back to today's allowance."""
    require(by, job.service, SEND_MESSAGES)
    with transaction.atomic():
        job = _lock(job)
        if job.state in (JobState.FINISHED, JobState.CANCELLED):
            raise ActionRefused(f"This is not possible any more: the spreadsheet is {job.get_state_display().lower()}")
        began_today = job.started_at is not None and clock.utc_day(job.started_at) == clock.utc_day()
        if job.state in (JobState.IN_PROGRESS, JobState.PAUSED) and began_today:
            abroad = _texts_abroad(job)
            made = Notification.objects.filter(job_id=job.pk, international=True).count() if abroad else 0
            unused = job.row_count - job.rows_created
            quota.give_back(job.service_id, job.template.channel, unused, international=abroad - made)
        job.state, job.finished_at = JobState.CANCELLED, clock.now()
        job.save(update_fields=["state", "finished_at"])
        record("job.cancelled", actor=by, subject=job)
    return job


def work() -> bool:
    """Do one piece of waiting work, a check or a chunk of rows; returns whether there was any.

    Jobs whose worker went away are found by their lease. Scheduled ones begin when their time has come.
    """
    _begin_scheduled()
    job = _take()
    if job is None:
        return False
    if job.state == JobState.CHECKING:
        check(job)
    else:
        run(job)
    return True


def _take() -> Job | None:
    moment = clock.now()
    with transaction.atomic():
        job = (
            Job.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("service", "template")
            .filter(state__in=[JobState.CHECKING, JobState.IN_PROGRESS])
            .filter(Q(lease_until__isnull=True) | Q(lease_until__lt=moment))
            .order_by("id")
            .first()
        )
        if job is not None:
            Job.objects.filter(pk=job.pk).update(lease_until=moment + LEASE)
    return job


def _begin_scheduled() -> None:
    due = Job.objects.filter(state=JobState.SCHEDULED, scheduled_for__lte=clock.now()).values_list("pk", flat=True)
    for pk in list(due[:100]):
        with transaction.atomic():
            job = Job.objects.select_for_update(of=("self",)).select_related("service", "template").get(pk=pk)
            if job.state != JobState.SCHEDULED or not job.service.is_active:
                continue
            try:
                with transaction.atomic():
                    _reserve(job)
                job.state, job.started_at, event = JobState.IN_PROGRESS, clock.now(), "job.started"
            except ActionRefused:
                job.state, job.finished_at, event = JobState.LIMIT_EXCEEDED, clock.now(), "job.limit_exceeded"
            job.save(update_fields=["state", "started_at", "finished_at"])
            record(event, actor=SYSTEM, subject=job, data={"rows": job.row_count})


def run(job: Job) -> None:
    """Make the job's messages, chunk by chunk, until the end or until it is paused or cancelled."""
    maker = _Maker(job)
    for start_row, chunk in _chunks(open_sheet(job), skip=job.rows_created):
        messages = [maker.message(row, start_row + offset) for offset, row in enumerate(chunk)]
        with transaction.atomic():
            locked = Job.objects.select_for_update().get(pk=job.pk)
            if locked.state != JobState.IN_PROGRESS:
                Job.objects.filter(pk=job.pk).update(lease_until=None)
                return
            store(messages)
            Job.objects.filter(pk=job.pk).update(
                rows_created=max(locked.rows_created, start_row + len(chunk)),
                rows_failed=locked.rows_failed + sum(m.status.is_final for m in messages),
                lease_until=clock.now() + LEASE,
            )
            wake_on_commit(DISPATCH)
    Job.objects.filter(pk=job.pk, state=JobState.IN_PROGRESS).update(
        state=JobState.FINISHED, finished_at=clock.now(), lease_until=None
    )


def _chunks(sheet: RecipientSheet, *, skip: int) -> Iterator[tuple[int, list[RecipientRow]]]:
    """Rows from `skip` on in chunks, each with the index of its first row."""
    chunk: list[RecipientRow] = []
    begin = skip
    for index, row in enumerate(sheet):
        if index < skip:
            continue
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield begin, chunk
            begin, chunk = index + 1, []
    if chunk:
        yield begin, chunk


class _Maker:
    """Turns rows of one job into messages."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.service = job.service
        self.template, self.version = version_of(job.template_id, job.template_version)
        self.channel = self.template.channel
        self.began = job.started_at or job.created_at
        self.sender = self._sender()
        hashes = Suppression.objects.filter(service=self.service, channel=self.channel)
        self.suppressed = {bytes(each) for each in hashes.values_list("recipient_hash", flat=True)}

    def _sender(self) -> str:
        if self.channel == Channel.SMS:
            return sms_sender(self.service, self.job.sms_sender_id)
        return email_reply_to(self.service, self.job.reply_to_id) if self.channel == Channel.EMAIL else ""

    def message(self, row: RecipientRow, index: int) -> NewMessage:
        """The message of a row. One that cannot be sent is kept as failed, with the reason, so that it is seen."""
        try:
            recipient = self._recipient(row)
        except (InvalidRecipient, ValueError) as error:
            return self._build(row, index, None, status=Status.VALIDATION_FAILED, detail=str(error))
        if recipient.hash in self.suppressed:
            detail = "On the list of people not to contact"
            return self._build(row, index, recipient, status=Status.VALIDATION_FAILED, detail=detail)
        return self._build(row, index, recipient)

    def _recipient(self, row: RecipientRow) -> Recipient:
        raw = row.recipient or ""
        if self.channel == Channel.SMS:
            return phone_recipient(raw)
        if self.channel == Channel.EMAIL:
            return Recipient(channel=self.channel, raw=raw, normalised=parse_email_address(raw).lower())
        address = self._address(row)
        return Recipient(
            channel=self.channel,
            raw="\n".join(address.lines),
            normalised="\n".join(address.lines),
            international=address.is_international,
        )

    def _address(self, row: RecipientRow) -> PostalAddress:
        if row.address is None or row.address.error is not None:
            raise ValueError("The address is not complete")
        return row.address

    def _build(self, row: RecipientRow, index: int, recipient: Recipient | None, **more: Any) -> NewMessage:
        known = recipient or Recipient(channel=self.channel, raw=row.recipient or "", normalised="")
        content = sealed_content(known, row.values, self.sender)
        postage = None
        if self.channel == Channel.LETTER and recipient is not None:
            address = self._address(row)
            content["address"] = list(address.lines)
            postage = _FORCED_POSTAGE.get(address.zone) or self.version.postage or Postage.SECOND
        return NewMessage(
            id=deterministic_uuid7(self.began, settings.SECRET_KEY.encode(), self.job.pk, index),
            service_id=self.service.pk,
            template_id=self.template.pk,
            template_version=self.version.number,
            channel=self.channel,
            created_at=self.began,
            lane=Lane.URGENT if self.template.is_urgent else Lane.BULK,
            recipient_hash=recipient.hash if recipient else None,
            job_id=self.job.pk,
            job_row=index,
            created_by_id=self.job.created_by_id,
            client_reference=_reference(row),
            international=known.international,
            rate_multiplier=known.rate_multiplier,
            postage=postage,
            content=content,
            **more,
        )


def _reference(row: RecipientRow) -> str | None:
    value = row.values.get("reference")
    return str(value)[:1000] if value else None


def _lock(job: Job) -> Job:
    return Job.objects.select_for_update(of=("self",)).select_related("service", "template").get(pk=job.pk)


def purge_old_files() -> int:
    """Delete files that are past their retention or were never sent; the jobs stay, their details go."""
    moment = clock.now()
    forgotten = 0
    for job in Job.objects.exclude(file="").select_related("service", "template").iterator(chunk_size=200):
        kept = timedelta(days=retention_days(job.service, job.template.channel))
        unsent = job.state in (JobState.CHECKING, JobState.READY) and moment - job.created_at > UNSENT_KEPT
        if unsent or (job.finished_at and moment - job.finished_at > kept):
            sealed_files.delete_file(job.file.name or "")
            Job.objects.filter(pk=job.pk).update(file="", report=None)
            forgotten += 1
    return forgotten
