from datetime import timedelta
from unittest.mock import ANY

import pytest
from django.core.files.storage import default_storage

from audit.models import AuditEvent
from messaging.enums import Postage, Status
from messaging.jobs.actions import jobs
from messaging.jobs.check_report import CheckReport
from messaging.jobs.enums import JobState
from messaging.jobs.models import Job
from messaging.jobs.queries import figures_of
from messaging.notifications.actions import quota
from messaging.notifications.actions.statistics import roll_up_deltas
from messaging.notifications.enums import Lane
from messaging.notifications.models import Notification, NotificationContent, SendQueue
from messaging.notifications.rules.recipients import recipient_hash
from notify.lib import clock, sealed_files
from notify.lib.crypto import decrypt_json
from notify.lib.refusals import ActionRefused, PermissionRefused
from services.permissions import SEND_MESSAGES
from tests.factories.accounts import UserFactory
from tests.factories.jobs import JobFactory
from tests.factories.message_templates import TemplateFactory
from tests.factories.notifications import NotificationFactory, SuppressionFactory, UsageCounterFactory
from tests.factories.services import LiveServiceFactory, ServiceFactory, join
from tests.helpers.cast import TEAM, LiveServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return LiveServiceFactory(sms_limit_override=5_000)


@pytest.fixture
def template(service):
    return TemplateFactory(service=service)


@pytest.fixture
def sender(service):
    return join(service, UserFactory(email="sender@town.gov.uk", mobile_number="+447700900001"), SEND_MESSAGES)


def rows(count, start=0):
    return "phone number,name,reference\n" + "".join(
        f"07700 9{n:05d},Person {n},ref-{n}\n" for n in range(start, start + count)
    )


def upload(service, template, sender, text, filename="people.csv"):
    job = jobs.upload(service, template=template, data=text.encode(), filename=filename, by=sender)
    jobs.check(Job.objects.get(pk=job.pk))
    return Job.objects.get(pk=job.pk)


def problem(job):
    return CheckReport.loads(job.report).problem


def run(job):
    jobs.run(Job.objects.get(pk=job.pk))
    return Job.objects.get(pk=job.pk)


def test_checked_file_is_sent_row_by_row(service, template, sender):
    job = upload(service, template, sender, rows(3))
    assert (job.state, problem(job), job.row_count) == (JobState.READY, "", 3)
    job = jobs.start(job, by=sender)
    assert quota.used_today(service, "sms") == 3
    job = run(job)
    assert (job.state, job.rows_created) == (JobState.FINISHED, 3)
    messages = Notification.objects.order_by("job_row")
    assert [(n.job_row, n.client_reference, n.lane, n.created_by_id) for n in messages] == [
        (0, "ref-0", Lane.BULK, sender.pk),
        (1, "ref-1", Lane.BULK, sender.pk),
        (2, "ref-2", Lane.BULK, sender.pk),
    ]
    roll_up_deltas()
    figures = figures_of(job)
    assert (figures.total, figures.made, figures.sending, figures.percent) == (3, 3, 3, 100)


def test_chunk_that_is_worked_on_twice_makes_no_second_message(service, template, sender):
    job = jobs.start(upload(service, template, sender, rows(20)), by=sender)
    run(job)
    Job.objects.filter(pk=job.pk).update(state=JobState.IN_PROGRESS, rows_created=0)
    run(job)
    assert Notification.objects.count() == SendQueue.objects.count() == 20


def test_job_goes_on_where_a_killed_worker_stopped(service, template, sender, monkeypatch):
    job = jobs.start(upload(service, template, sender, rows(25)), by=sender)
    monkeypatch.setattr(jobs, "CHUNK", 10)
    real, calls = jobs.store, []

    def dies_in_the_second_chunk(messages):
        calls.append(len(messages))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(messages)

    monkeypatch.setattr(jobs, "store", dies_in_the_second_chunk)
    with pytest.raises(KeyboardInterrupt):
        run(job)
    assert Job.objects.get().rows_created == 10
    Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert jobs.work()
    assert (Job.objects.get().state, Notification.objects.count()) == (JobState.FINISHED, 25)
    assert set(Notification.objects.values_list("job_row", flat=True)) == set(range(25))


def test_paused_job_makes_no_more_messages_until_it_goes_on(service, template, sender):
    job = jobs.start(upload(service, template, sender, rows(5)), by=sender)
    jobs.pause(job, by=sender)
    run(job)
    assert Notification.objects.count() == 0
    jobs.resume(Job.objects.get(), by=sender)
    assert run(job).state == JobState.FINISHED
    assert Notification.objects.count() == 5


def test_cancelled_job_gives_back_what_it_did_not_use(service, template, sender):
    job = jobs.start(upload(service, template, sender, rows(5)), by=sender)
    jobs.cancel(job, by=sender)
    assert run(job).state == JobState.CANCELLED
    assert (Notification.objects.count(), quota.used_today(service, "sms")) == (0, 0)


def test_cancelled_job_gives_back_the_texts_abroad_it_did_not_make(service, template, sender):
    job = jobs.start(upload(service, template, sender, rows(5)), by=sender)
    Job.objects.update(international_rows=3, rows_created=2, row_count=5)
    NotificationFactory(template=template, job_id=job.pk, job_row=0, international=True)
    UsageCounterFactory(service_id=service.pk, channel=quota.INTERNATIONAL, used=3, day=clock.utc_day())
    jobs.cancel(job, by=sender)
    assert (quota.used_today(service, "sms"), quota.used_today(service, quota.INTERNATIONAL)) == (2, 1)


def test_second_click_on_send_changes_nothing(service, template, sender):
    job = upload(service, template, sender, rows(5))
    jobs.start(job, by=sender)
    jobs.start(job, by=sender)
    assert quota.used_today(service, "sms") == 5


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("phone number,name\n", "no_rows"),
        ("name\nSam\n", "no_recipient_column"),
        ("phone number\n07700900001\n", "missing_columns"),
        ("phone number,name\n123,Sam\n", "bad_rows"),
        ("phone number,name\n07700900001,\n", "bad_rows"),
    ],
)
def test_file_with_a_problem_cannot_be_sent(service, template, sender, text, code):
    job = upload(service, template, sender, text)
    assert problem(job) == code
    with pytest.raises(ActionRefused):
        jobs.start(job, by=sender)
    assert Notification.objects.count() == quota.used_today(service, "sms") == 0


def test_more_rows_than_are_left_today_are_refused_whole(service, template, sender):
    service.sms_limit_override = 2
    service.save()
    job = upload(service, template, sender, rows(3))
    assert problem(job) == "more_rows_than_remaining"


def test_limit_reached_between_checking_and_sending_is_refused(service, template, sender):
    job = upload(service, template, sender, rows(3))
    service.sms_limit_override = 2
    service.save()
    with pytest.raises(ActionRefused) as refused:
        jobs.start(job, by=sender)
    assert refused.value.reasons[0].code == "daily_limit"
    assert Job.objects.get().state == JobState.READY


def test_trial_service_sends_spreadsheets_to_its_own_team_only():
    service = ServiceFactory()
    sender = join(service, UserFactory(mobile_number="+447700900001"), SEND_MESSAGES)
    template = TemplateFactory(service=service)
    assert problem(upload(service, template, sender, "phone number,name\n07700900999,Sam\n")) == "not_allowed"
    assert problem(upload(service, template, sender, "phone number,name\n07700 900001,Sam\n")) == ""


def test_same_file_is_not_sent_twice_on_one_day(service, template, sender):
    jobs.start(upload(service, template, sender, rows(2)), by=sender)
    assert problem(upload(service, template, sender, rows(2))) == "same_file"


def test_same_file_may_be_sent_again_after_it_was_cancelled(service, template, sender):
    jobs.cancel(jobs.start(upload(service, template, sender, rows(2)), by=sender), by=sender)
    assert problem(upload(service, template, sender, rows(2))) == ""


def test_suppressed_recipient_is_kept_as_failed_and_not_sent(service, template, sender):
    number = "+447700900000"
    SuppressionFactory(service=service, channel="sms", recipient=number, recipient_hash=recipient_hash(number), reason="stop")
    run(jobs.start(upload(service, template, sender, rows(2)), by=sender))
    statuses = dict(Notification.objects.values_list("job_row", "status"))
    assert statuses == {0: Status.VALIDATION_FAILED, 1: Status.CREATED}
    assert SendQueue.objects.count() == 1
    assert Job.objects.get().rows_failed == 1


def test_scheduled_job_begins_when_its_time_has_come(service, template, sender):
    job = upload(service, template, sender, rows(2))
    job = jobs.start(job, by=sender, scheduled_for=clock.now() + timedelta(hours=2))
    assert (job.state, quota.used_today(service, "sms")) == (JobState.SCHEDULED, 0)
    assert not jobs.work()
    Job.objects.update(scheduled_for=clock.now())
    assert jobs.work()
    assert (Job.objects.get().state, Notification.objects.count()) == (JobState.FINISHED, 2)


def test_scheduled_job_over_the_limit_of_its_day_is_not_sent(service, template, sender):
    job = upload(service, template, sender, rows(2))
    jobs.start(job, by=sender, scheduled_for=clock.now() + timedelta(hours=2))
    service.sms_limit_override = 1
    service.save()
    Job.objects.update(scheduled_for=clock.now())
    jobs.work()
    assert (Job.objects.get().state, Notification.objects.count()) == (JobState.LIMIT_EXCEEDED, 0)
    assert list(AuditEvent.objects.filter(name__startswith="job.").order_by("id").values_list("name", flat=True)) == [
        "job.scheduled",
        "job.limit_exceeded",
    ]


@pytest.mark.parametrize("when", [timedelta(minutes=-1), timedelta(days=9)])
def test_time_in_the_past_or_too_far_ahead_is_refused(service, template, sender, when):
    job = upload(service, template, sender, rows(2))
    with pytest.raises(ActionRefused):
        jobs.start(job, by=sender, scheduled_for=clock.now() + when)


def test_member_who_may_not_send_cannot_upload(service, template):
    looker = join(service, UserFactory(), "view_activity")
    with pytest.raises(PermissionRefused):
        jobs.upload(service, template=template, data=b"x", filename="a.csv", by=looker)


@pytest.mark.parametrize(("data", "filename"), [(b"", "a.csv"), (b"x", "a.pdf"), (b"PK\x03\x04nonsense", "a.xlsx")])
def test_file_that_cannot_be_read_is_refused_beside_its_field(service, template, sender, data, filename):
    with pytest.raises(ActionRefused) as refused:
        jobs.upload(service, template=template, data=data, filename=filename, by=sender)
    assert [reason.field for reason in refused.value.reasons] == ["file"]
    assert Job.objects.count() == 0


def test_file_is_sealed_in_storage_and_forgotten_after_the_retention(service, template, sender):
    job = run(jobs.start(upload(service, template, sender, rows(2)), by=sender))
    with default_storage.open(job.file.name) as file:
        assert b"Person" not in file.read()
    Job.objects.update(finished_at=clock.now() - timedelta(days=8))
    assert jobs.purge_old_files() == 1
    job = Job.objects.get()
    assert (job.file.name, job.report) == ("", None)


def test_a_sheet_is_read_as_recipients_of_its_template():
    sheet = jobs.open_sheet(JobFactory())
    assert [(row.recipient, row.values["name"]) for row in sheet] == [("07700900123", "Sam")]


def test_a_scheduled_job_waits_while_its_service_is_suspended(service, template, sender):
    job = jobs.start(upload(service, template, sender, rows(2)), by=sender, scheduled_for=clock.now() + timedelta(hours=2))
    Job.objects.update(scheduled_for=clock.now())
    type(service).objects.update(suspended_at=clock.now())
    assert not jobs.work()
    assert (Job.objects.get(pk=job.pk).state, Notification.objects.count()) == (JobState.SCHEDULED, 0)


def test_what_was_never_reserved_is_not_given_back(service, template, sender):
    UsageCounterFactory(service_id=service.pk, used=5, day=clock.utc_day())
    jobs.cancel(upload(service, template, sender, rows(2)), by=sender)
    assert quota.used_today(service, "sms") == 5


def test_the_last_chunk_may_be_a_whole_one(service, template, sender, monkeypatch):
    monkeypatch.setattr(jobs, "CHUNK", 2)
    assert run(jobs.start(upload(service, template, sender, rows(4)), by=sender)).rows_created == 4
    assert Notification.objects.count() == 4


def checking(template, text="", filename="people.csv"):
    """A spreadsheet that nobody has checked yet."""
    file = sealed_files.seal("jobs", f"{template.pk}", (text or rows(5)).encode())
    return JobFactory(template=template, state=JobState.CHECKING, file=file, original_file_name=filename, rows_checked=0)


def test_checking_goes_on_to_the_end_and_shows_its_progress(template, monkeypatch):
    monkeypatch.setattr(jobs, "CHECK_STEP", 2)
    monkeypatch.setattr(jobs, "PREVIEW_ROWS", 3)
    job = checking(template)
    seen, real = [], jobs._still_checking
    monkeypatch.setattr(jobs, "_still_checking", lambda job, count: seen.append(count) or real(job, count))
    assert jobs.work()
    job.refresh_from_db()
    assert (seen, job.state, job.rows_checked, job.row_count) == ([2, 4], JobState.READY, 5, 5)
    assert len(CheckReport.loads(job.report).lines) == 3


def test_checking_ends_when_somebody_has_cancelled(template, monkeypatch):
    monkeypatch.setattr(jobs, "CHECK_STEP", 2)
    job = checking(template)
    Job.objects.update(state=JobState.CANCELLED)
    assert jobs.check(job).problem == "cancelled"
    assert (Job.objects.get().state, Job.objects.get().rows_checked) == (JobState.CANCELLED, 0)


def test_a_file_that_cannot_be_read_to_the_end_is_a_problem(template):
    job = checking(template, "PK nonsense", "people.xlsx")
    jobs.check(job)
    job.refresh_from_db()
    assert (job.state, problem(job)) == (JobState.READY, "unreadable")


def test_letters_of_a_service_in_trial_mode_are_a_problem():
    service = ServiceFactory()
    sender = join(service, UserFactory(), SEND_MESSAGES)
    template = TemplateFactory(service=service, channel="letter")
    assert problem(upload(service, template, sender, LETTERS)) == "trial_letters"


LETTERS = "address line 1,address line 2,address line 3,address line 4,name\nSam,1 High Street,SW1A 1AA,,Sam\n"


def made(template, text, **fields):
    """The messages of a spreadsheet that is being sent, whatever its check would say."""
    run(JobFactory(template=template, state=JobState.IN_PROGRESS, file=sealed_files.seal("jobs", "x", text.encode()), **fields))
    return list(Notification.objects.order_by("job_row"))


def contents(messages):
    return [decrypt_json(bytes(NotificationContent.objects.get(pk=each.pk).sealed)) for each in messages]


def test_emails_have_their_address_and_where_to_answer(service):
    reply_to = service.reply_to_addresses.create(email_address="bins@town.gov.uk")
    template = TemplateFactory(service=service, channel="email")
    messages = made(template, "email address,name\nSam@Example.com,Sam\nnobody,Kim\n", reply_to=reply_to)
    assert [each.state for each in messages] == [Status.CREATED, Status.VALIDATION_FAILED]
    assert [(each["to"], each["normalised"], each["sender"]) for each in contents(messages)] == [
        ("Sam@Example.com", "sam@example.com", "bins@town.gov.uk"),
        ("nobody", "", "bins@town.gov.uk"),
    ]


def test_letters_have_their_address_and_its_postage(service):
    template = TemplateFactory(service=service, channel="letter")
    messages = made(template, LETTERS + "Kim,Rue 1,Paris,France,Kim\nKim,,,,Kim\n")
    assert [(each.state, each.postage, each.international) for each in messages] == [
        (Status.CREATED, Postage.SECOND, False),
        (Status.CREATED, Postage.EUROPE, True),
        (Status.VALIDATION_FAILED, None, False),
    ]
    assert messages[2].status_detail == "The address is not complete"
    assert [each.get("address") for each in contents(messages)] == [
        ["Sam", "1 High Street", "SW1A 1AA"],
        ["Kim", "Rue 1", "Paris", "France"],
        None,
    ]


def test_only_old_files_are_forgotten(template):
    kept = JobFactory(template=template)
    unsent = JobFactory(template=template)
    Job.objects.filter(pk=unsent.pk).update(created_at=clock.now() - timedelta(days=2))
    assert jobs.purge_old_files() == 1
    assert list(Job.objects.exclude(file="")) == [kept]


# --- Who may, and what is written ---------------------------------------------------------------------------------
def uploading(cast, **fields):
    template = TemplateFactory(service=cast.service)
    values = {"template": template, "data": b"phone number,name\n07700900123,Sam\n", "filename": "people.csv"}
    return call(cast.service, **(values | fields))


def job_of(cast, state=JobState.READY, channel="sms", **fields):
    template = TemplateFactory(service=cast.service, channel=channel)
    return call(JobFactory(template=template, state=state, report=CheckReport(row_count=1).dumps(), **fields))


def going_on(cast, **fields):
    """Half-way: two rows were taken off today's allowance, one message was made."""
    UsageCounterFactory(service_id=cast.service.pk, used=2, day=clock.utc_day())
    return job_of(cast, JobState.IN_PROGRESS, started_at=clock.now(), row_count=2, rows_created=1, **fields)


def starting(cast, **fields):
    given = job_of(cast)
    return call(*given.args, **fields)


def paused_service(cast):
    given = job_of(cast)
    cast.service.suspended_at = clock.now()
    cast.service.save()
    return given


def letters_in_trial_mode(cast):
    given = job_of(cast, channel="letter")
    type(cast.service).objects.filter(pk=cast.service.pk).update(state="trial", went_live_at=None)
    return given


def over_the_limit(cast):
    cast.service.sms_limit_override = 0
    cast.service.save()
    return job_of(cast)


def in_an_hour():
    return clock.now() + timedelta(hours=1)


GONE = "This template has been deleted"
NOT_AS_IT_IS = "This file cannot be sent as it is: upload it again"
TIME = "Choose a time within the next seven days"
# Only people upload: a spreadsheet names the person.
PEOPLE, NEVER = ("manager", "staff", "superuser"), ("key", "system")
VERBS = [
    Verb(
        jobs.upload,
        uploading,
        PEOPLE,
        {"+Job": 1},
        left_out=NEVER,
        refused={
            GONE: lambda cast: uploading(cast, template=TemplateFactory()),
            "The file must be smaller than 10MB": lambda cast: uploading(cast, data=b"x" * (10 * 1024 * 1024 + 1)),
        },
    ),
    Verb(
        jobs.start,
        starting,
        TEAM,
        {
            "+UsageCounter": 1,
            "Job.report": ANY,  # sealed anew
            "Job.started_at": ANY,
            "Job.state": JobState.IN_PROGRESS,
            "history": ["job.started"],
        },
        refused={
            NOT_AS_IT_IS: lambda cast: job_of(cast, JobState.CHECKING),
            "Your service cannot send messages at the moment": paused_service,
            "Your service is in trial mode, so it cannot send letters": letters_in_trial_mode,
            "You can send 0 more messages today, and this file has 1": over_the_limit,
            TIME: lambda cast: starting(cast, scheduled_for=clock.now() - timedelta(minutes=1)),
        },
    ),
    Verb(
        jobs.start,
        lambda cast: starting(cast, scheduled_for=in_an_hour()),
        TEAM,
        {"Job.report": ANY, "Job.scheduled_for": ANY, "Job.state": JobState.SCHEDULED, "history": ["job.scheduled"]},
        refused={TIME: lambda cast: starting(cast, scheduled_for=clock.now() + timedelta(days=9))},
        case="later",
    ),
    Verb(
        jobs.pause,
        going_on,
        TEAM,
        {"Job.state": JobState.PAUSED, "history": ["job.paused"]},
        refused={"This is not possible any more: the spreadsheet is paused": lambda cast: job_of(cast, JobState.PAUSED)},
    ),
    Verb(
        jobs.resume,
        lambda cast: job_of(cast, JobState.PAUSED),
        TEAM,
        {"Job.state": JobState.IN_PROGRESS, "history": ["job.resumed"]},
        refused={"This is not possible any more: the spreadsheet is cancelled": lambda cast: job_of(cast, JobState.CANCELLED)},
    ),
    Verb(
        jobs.cancel,
        going_on,
        TEAM,
        {
            "Job.finished_at": ANY,
            "Job.state": JobState.CANCELLED,
            "UsageCounter.used": 1,
            "history": ["job.cancelled"],
        },
        refused={"This is not possible any more: the spreadsheet is cancelled": lambda cast: job_of(cast, JobState.CANCELLED)},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(LiveServiceCast, VERBS)
