"""Every verb of a service's life: who may, from which state, what it refuses, and that a refusal leaves nothing behind."""

from datetime import timedelta
from functools import cached_property
from threading import Barrier, Thread
from unittest.mock import ANY

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.db.utils import DatabaseError
from django.utils import timezone

from audit.models import AuditEvent
from audit.record import SYSTEM
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from organisations.permissions import MAKE_SERVICES_LIVE
from services.actions import lifecycle
from services.guards import GoLiveBlocked
from services.models import ApiKey, Service
from services.permissions import MANAGE_SERVICE, SERVICE_PERMISSIONS
from services.rules import daily_limit
from services.signals import service_went_live
from services.slots import checklist
from tests.factories.accounts import UserFactory
from tests.factories.organisations import belong
from tests.factories.services import (
    ApiKeyFactory,
    LiveServiceFactory,
    PendingServiceFactory,
    ServiceFactory,
    add_reply_to,
    add_template,
    join,
    make_ready,
)
from tests.helpers.cast import STAFF, TEAM, LiveServiceCast, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db

STATES = {"trial": ServiceFactory, "pending": PendingServiceFactory, "live": LiveServiceFactory}


@pytest.fixture
def run_on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def snapshot(service):
    return Service.objects.filter(pk=service.pk).values().get()


def refused(action, service, **kwargs):
    """The action refuses, and neither the service nor the history has changed. Returns the sentences."""
    before, events = snapshot(service), AuditEvent.objects.count()
    with pytest.raises(ActionRefused) as refusal:
        action(service, **kwargs)
    assert (snapshot(service), AuditEvent.objects.count()) == (before, events)
    return [reason.message for reason in refusal.value.reasons]


def ready(state="trial", **fields):
    service = make_ready(STATES[state](**fields))
    manager = join(service, UserFactory(), *SERVICE_PERMISSIONS)
    return service, manager


# --- Asking -----------------------------------------------------------------------------------------------------------
def test_a_manager_asks_to_go_live(staff, run_on_commit):
    service, manager = ready()
    with run_on_commit():
        asked = lifecycle.request_go_live(service, by=manager)
    assert (asked.state, asked.go_live_requested_by, asked.go_live_rejection_reason) == ("pending", manager, "")
    assert asked.go_live_requested_at is not None
    assert [each.to for each in mail.outbox] == [[settings.SUPPORT_EMAIL], [manager.email]]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("pending", "There is an open request for this service already"),
        ("live", "This service is live already"),
    ],
)
def test_asking_is_refused_in_every_other_state(state, sentence):
    service, manager = ready(state)
    assert refused(lifecycle.request_go_live, service, by=manager) == [sentence]


@pytest.mark.parametrize("field", ["suspended_at", "archived_at"])
def test_asking_is_refused_for_a_paused_service(field):
    service, manager = ready(**{field: timezone.now()})
    word = field.removesuffix("_at")
    assert refused(lifecycle.request_go_live, service, by=manager) == [f"This service is {word}"]


def test_asking_names_everything_that_is_outstanding(manager, service):
    with pytest.raises(GoLiveBlocked) as blocked:
        lifecycle.request_go_live(service, by=manager)
    assert [item.slug for item in blocked.value.blockers] == ["name", "volumes", "team", "templates"]
    assert snapshot(service)["state"] == "trial"


def test_only_managers_with_a_public_sector_address_ask():
    service, _ = ready()
    contractor = join(service, UserFactory(email="con@tractor.example"), MANAGE_SERVICE)
    member = join(service, UserFactory())
    key = ApiKeyFactory(service=service, scopes=["manage"])
    for person in (contractor, member, key):
        with pytest.raises(PermissionRefused):
            lifecycle.request_go_live(service, by=person)


# --- Withdrawing ------------------------------------------------------------------------------------------------------
def test_withdrawing_takes_the_request_back(run_on_commit):
    service, manager = ready("pending")
    with run_on_commit():
        withdrawn = lifecycle.withdraw_go_live(service, by=manager)
    assert (withdrawn.state, withdrawn.go_live_requested_at, withdrawn.go_live_requested_by) == ("trial", None, None)
    assert [each.subject for each in mail.outbox] == [f"{service.name} no longer asks to go live"]


@pytest.mark.parametrize("state", ["trial", "live"])
def test_withdrawing_needs_an_open_request(state):
    service, manager = ready(state)
    assert len(refused(lifecycle.withdraw_go_live, service, by=manager)) == 1


# --- Approving --------------------------------------------------------------------------------------------------------
def test_approving_makes_it_live_and_tells_the_whole_team(staff, run_on_commit):
    service, _ = ready("pending")
    team = [membership.user.email for membership in service.memberships.all()]
    with run_on_commit():
        live = lifecycle.approve_go_live(service, by=staff)
    assert (live.state, live.is_live) == ("live", True)
    assert live.went_live_at is not None
    assert [daily_limit(live, c) for c in ("email", "sms", "letter", "international_sms")] == [
        250_000,
        250_000,
        20_000,
        100,
    ]
    assert sorted(each.to[0] for each in mail.outbox) == sorted(team)
    assert AuditEvent.objects.filter(name="service.went_live", service_id=service.pk).count() == 1


def test_approving_switches_email_off_where_nobody_means_to_use_it(staff):
    service, _ = ready("pending")
    assert lifecycle.approve_go_live(service, by=staff).permissions == [p for p in service.permissions if p != "email"]


def test_approving_leaves_email_on_where_there_are_templates(staff):
    service, _ = ready("pending", confirmed_email_sender_name=True)
    add_template(service, "email")
    add_reply_to(service)
    assert lifecycle.approve_go_live(service, by=staff).permissions == service.permissions


@pytest.mark.parametrize("state", ["trial", "live"])
def test_approving_needs_an_open_request(state, staff):
    service, _ = ready(state)
    assert len(refused(lifecycle.approve_go_live, service, by=staff)) == 1


def test_approving_needs_an_organisation(staff):
    service, _ = ready("pending", organisation=None)
    assert refused(lifecycle.approve_go_live, service, by=staff) == [
        "Link the service to an organisation before you approve its request"
    ]


def test_a_checklist_that_came_undone_stops_the_approval(staff):
    service, _ = ready("pending")
    Service.objects.filter(pk=service.pk).update(confirmed_unique=False)
    assert refused(lifecycle.approve_go_live, service, by=staff) == ["Confirm that your service is unique"]


def test_an_approval_after_a_withdrawal_says_so(staff):
    service, manager = ready("pending")
    lifecycle.withdraw_go_live(service, by=manager)
    assert refused(lifecycle.approve_go_live, service, by=staff) == [
        "There is no open request for this service: it may have been withdrawn or answered"
    ]


def test_organisation_members_approve_only_where_their_organisation_approves_its_own():
    service, _ = ready("pending")
    approver = belong(service.organisation, UserFactory(), MAKE_SERVICES_LIVE)
    with pytest.raises(PermissionRefused):
        lifecycle.approve_go_live(service, by=approver)
    service.organisation.can_approve_own_go_live_requests = True
    service.organisation.save()
    assert lifecycle.approve_go_live(service, by=approver).is_live


def test_managers_cannot_answer_requests():
    service, manager = ready("pending")
    for action, words in ((lifecycle.approve_go_live, {}), (lifecycle.reject_go_live, {"reason": "No"})):
        with pytest.raises(PermissionRefused):
            action(service, by=manager, **words)
    assert snapshot(service)["state"] == "pending"


def test_nobody_answers_their_own_request(staff):
    service, _ = ready("pending")
    Service.objects.filter(pk=service.pk).update(go_live_requested_by=staff)
    assert refused(lifecycle.approve_go_live, service, by=staff) == [
        "Somebody else has to answer a request that you made yourself"
    ]


def test_a_failing_receiver_leaves_nothing_behind(staff):
    def break_it(**kwargs):
        raise RuntimeError

    service, _ = ready("pending")
    before, events = snapshot(service), AuditEvent.objects.count()
    service_went_live.connect(break_it)
    try:
        with pytest.raises(RuntimeError):
            lifecycle.approve_go_live(service, by=staff)
    finally:
        service_went_live.disconnect(break_it)
    assert (snapshot(service), AuditEvent.objects.count()) == (before, events)


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_make_it_live_once(staff):
    service, _ = ready("pending")
    barrier, answers = Barrier(2), []

    def approve():
        barrier.wait()
        try:
            lifecycle.approve_go_live(service, by=staff)
            answers.append("approved")
        except ActionRefused as refusal:
            answers.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=approve) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["This service is live already", "approved"]
    assert AuditEvent.objects.filter(name="service.went_live", service_id=service.pk).count() == 1


# --- Rejecting --------------------------------------------------------------------------------------------------------
def test_rejecting_keeps_the_reason_and_tells_the_requester(staff, run_on_commit):
    service, manager = ready("pending")
    Service.objects.filter(pk=service.pk).update(go_live_requested_by=manager)
    with run_on_commit():
        rejected = lifecycle.reject_go_live(service, reason=" The name is not clear ", by=staff)
    assert (rejected.state, rejected.go_live_rejection_reason) == ("trial", "The name is not clear")
    assert [(each.to, "The name is not clear" in each.body) for each in mail.outbox] == [([manager.email], True)]


@pytest.mark.parametrize("state", ["trial", "live"])
def test_rejecting_needs_an_open_request(state, staff):
    service, _ = ready(state)
    assert len(refused(lifecycle.reject_go_live, service, reason="No", by=staff)) == 1


def test_rejecting_needs_a_reason(staff):
    service, _ = ready("pending")
    assert refused(lifecycle.reject_go_live, service, reason="  ", by=staff) == ["Enter a reason"]


# --- Back to trial ----------------------------------------------------------------------------------------------------
def test_going_back_resets_limits_but_not_the_international_one(staff, run_on_commit):
    service, _ = ready("live", international_sms_limit_override=30)
    with run_on_commit():
        back = lifecycle.return_to_trial(service, reason="Complaints", by=staff)
    assert (back.state, back.went_live_at) == ("trial", None)
    assert [daily_limit(back, c) for c in ("email", "sms", "letter", "international_sms")] == [50, 50, 50, 30]
    assert {each.subject for each in mail.outbox} == {f"{service.name} is back in trial mode"}


@pytest.mark.parametrize("state", ["trial", "pending"])
def test_going_back_is_for_live_services(state, staff):
    service, _ = ready(state)
    assert refused(lifecycle.return_to_trial, service, reason="Why", by=staff) == ["This service is not live"]


def test_going_back_is_for_staff():
    service, manager = ready("live")
    with pytest.raises(PermissionRefused):
        lifecycle.return_to_trial(service, reason="Why", by=manager)


# --- Suspending and resuming ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", STATES)
def test_staff_suspend_and_resume_in_every_state(state, staff, run_on_commit):
    service, _ = ready(state)
    with run_on_commit():
        suspended = lifecycle.suspend(service, reason="Phishing", by=staff)
        assert (suspended.state, suspended.suspended_at is not None) == (state, True)
        resumed = lifecycle.resume(service, by=staff)
    assert (resumed.state, resumed.suspended_at) == (state, None)
    subjects = {each.subject for each in mail.outbox}
    assert subjects == {f"{service.name} is suspended", f"{service.name} can send messages again"}


def test_suspending_twice_and_resuming_what_runs_are_refused(staff):
    service, _ = ready()
    assert refused(lifecycle.resume, service, by=staff) == ["This service is not suspended"]
    lifecycle.suspend(service, reason="Phishing", by=staff)
    assert refused(lifecycle.suspend, service, reason="Again", by=staff) == ["This service is suspended"]


def test_suspending_is_for_staff():
    service, manager = ready()
    for action, words in ((lifecycle.suspend, {"reason": "x"}), (lifecycle.resume, {})):
        with pytest.raises(PermissionRefused):
            action(service, by=manager, **words)


# --- Archiving and restoring ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["trial", "pending"])
def test_a_manager_archives_a_service_that_is_not_live(state, run_on_commit):
    service, manager = ready(state, name=f"Parking {state}")
    ApiKeyFactory(service=service)
    ApiKeyFactory(service=service, revoked_at=clock.now() + timedelta(days=3))
    with run_on_commit():
        archived = lifecycle.archive(service, by=manager)
    assert (archived.state, archived.archived_name) == ("trial", f"Parking {state}")
    assert archived.name.startswith("_archived_")
    assert not ApiKey.objects.filter(service=service).usable().exists()
    assert not Service.objects.visible_to(manager).exists()
    assert manager.email in {each.to[0] for each in mail.outbox}
    # The name is free again.
    ServiceFactory(name=f"Parking {state}")


def test_a_live_service_is_archived_by_staff_alone(staff):
    service, manager = ready("live")
    with pytest.raises(PermissionRefused):
        lifecycle.archive(service, by=manager)
    assert lifecycle.archive(service, by=staff).archived_at is not None
    with pytest.raises(PermissionRefused):
        lifecycle.restore(service, by=manager)


def test_archiving_twice_is_refused():
    service, manager = ready()
    lifecycle.archive(service, by=manager)
    assert refused(lifecycle.archive, service, by=manager) == ["This service is archived already"]


def test_a_manager_restores_within_seven_days():
    service, manager = ready(name="Parking")
    ApiKeyFactory(service=service)
    lifecycle.archive(service, by=manager)
    restored = lifecycle.restore(service, by=manager)
    assert (restored.name, restored.normalised_name, restored.archived_at) == ("Parking", "parking", None)
    assert not ApiKey.objects.filter(service=service).usable().exists()


def test_restoring_is_refused_after_seven_days():
    service, manager = ready()
    lifecycle.archive(service, by=manager)
    Service.objects.filter(pk=service.pk).update(archived_at=clock.now() - timedelta(days=7, seconds=1))
    assert refused(lifecycle.restore, service, by=manager) == [
        "A service can be restored for 7 days after it was archived, and this time is over"
    ]


def test_restoring_takes_another_name_where_the_old_one_is_taken():
    service, manager = ready(name="Parking")
    lifecycle.archive(service, by=manager)
    ServiceFactory(name="Parking")
    assert refused(lifecycle.restore, service, by=manager) == ["This service name is already in use – enter a unique name"]
    restored = lifecycle.restore(service, by=manager, name="Parking permits")
    assert (restored.name, restored.confirmed_unique) == ("Parking permits", False)


def test_restoring_needs_an_archived_service():
    service, manager = ready()
    assert refused(lifecycle.restore, service, by=manager) == ["This service is not archived"]


def test_outsiders_may_do_nothing(outsider):
    service, _ = ready()
    for action, words in (
        (lifecycle.request_go_live, {}),
        (lifecycle.withdraw_go_live, {}),
        (lifecycle.approve_go_live, {}),
        (lifecycle.reject_go_live, {"reason": "x"}),
        (lifecycle.return_to_trial, {"reason": "x"}),
        (lifecycle.suspend, {"reason": "x"}),
        (lifecycle.resume, {}),
        (lifecycle.archive, {}),
        (lifecycle.restore, {}),
    ):
        with pytest.raises(PermissionRefused):
            action(service, by=outsider, **words)


# --- The database has the last word -----------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["live", "nonsense"])
def test_the_database_refuses_a_state_that_skips_the_actions(state, service):
    with pytest.raises(DatabaseError):
        Service.objects.filter(pk=service.pk).update(state=state)


def test_the_platform_itself_may_do_everything():
    service, _ = ready("pending")
    assert lifecycle.approve_go_live(service, by=SYSTEM).is_live
    assert checklist.blockers(service) == []


# --- Who may, and what is written ---------------------------------------------------------------------------------
class ReadyCast(ServiceCast):
    """Nothing is outstanding on the checklist."""

    @cached_property
    def service(self):
        return make_ready(ServiceFactory(organisation=self.organisation))


class PendingCast(ServiceCast):
    """The same, waiting for an answer."""

    @cached_property
    def service(self):
        return make_ready(PendingServiceFactory(organisation=self.organisation))


def of(**fields):
    """A service in its cast's state with these fields."""

    def arrange(cast):
        for name, value in fields.items():
            setattr(cast.service, name, value)
        cast.service.save()
        return call(cast.service)

    return arrange


def with_a_key(cast):
    assert cast.key
    return call(cast.service)


def because(cast):
    return call(cast.service, reason=" Ticket 7 ")


def without_reason(cast):
    return call(cast.service, reason=" ")


NOW = clock.now()
SUSPENDED, ARCHIVED = "This service is suspended", "This service is archived"
TABLES = {
    ReadyCast: [
        # An API key has no mailbox to be answered in.
        Verb(
            lifecycle.request_go_live,
            of(),
            ("manager", "staff", "superuser", "system"),
            {
                "Service.go_live_requested_at": ANY,
                "Service.go_live_requested_by_id": ANY,
                "Service.state": "pending",
                "history": ["service.go_live_requested"],
            },
            refused={SUSPENDED: of(suspended_at=NOW)},
        ),
        Verb(
            lifecycle.archive,
            with_a_key,
            TEAM,
            {
                "ApiKey.revoked_at": ANY,
                "Service.archived_at": ANY,
                "Service.archived_name": ANY,
                "Service.name": ANY,
                "Service.normalised_name": ANY,
                "history": ["service.archived"],
            },
            refused={"This service is archived already": of(archived_at=NOW)},
        ),
        Verb(
            lifecycle.restore,
            of(archived_at=NOW, archived_name="Bins"),
            TEAM,
            {
                "Service.archived_at": None,
                "Service.archived_name": "",
                "Service.name": "Bins",
                "Service.normalised_name": "bins",
                "history": ["service.restored"],
            },
            refused={"This service is not archived": of()},
        ),
        Verb(
            lifecycle.suspend,
            because,
            STAFF,
            {"Service.suspended_at": ANY, "history": ["service.suspended"]},
            refused={"Enter a reason": without_reason},
        ),
        Verb(
            lifecycle.resume,
            of(suspended_at=NOW),
            STAFF,
            {"Service.suspended_at": None, "history": ["service.resumed"]},
            refused={"This service is not suspended": of()},
        ),
    ],
    PendingCast: [
        Verb(
            lifecycle.withdraw_go_live,
            of(),
            TEAM,
            {"Service.go_live_requested_at": None, "Service.state": "trial", "history": ["service.go_live_withdrawn"]},
        ),
        Verb(
            lifecycle.approve_go_live,
            of(),
            (*STAFF, "reviewer"),
            {
                "Service.permissions": [
                    "sms",
                    "letter",
                    "international_sms",
                    "international_letters",
                    "send_files_via_ui",
                    "edit_folder_permissions",
                ],
                "Service.state": "live",
                "Service.went_live_at": ANY,
                "history": ["service.went_live"],
            },
            refused={SUSPENDED: of(suspended_at=NOW)},
        ),
        Verb(
            lifecycle.reject_go_live,
            because,
            (*STAFF, "reviewer"),
            {
                "Service.go_live_rejection_reason": "Ticket 7",
                "Service.go_live_requested_at": None,
                "Service.state": "trial",
                "history": ["service.go_live_rejected"],
            },
            refused={"Enter a reason": without_reason},
        ),
    ],
    LiveServiceCast: [
        Verb(
            lifecycle.return_to_trial,
            because,
            STAFF,
            {"Service.state": "trial", "Service.went_live_at": None, "history": ["service.returned_to_trial"]},
            refused={"Enter a reason": without_reason},
        ),
        Verb(
            lifecycle.archive,
            with_a_key,
            STAFF,
            {
                "ApiKey.revoked_at": ANY,
                "Service.archived_at": ANY,
                "Service.archived_name": "Bin collections",
                "Service.name": ANY,
                "Service.normalised_name": ANY,
                "history": ["service.archived"],
            },
            case="live",
        ),
        Verb(
            lifecycle.restore,
            of(archived_at=NOW, archived_name="Bins"),
            STAFF,
            {
                "Service.archived_at": None,
                "Service.archived_name": "",
                "Service.name": "Bins",
                "Service.normalised_name": "bins",
                "history": ["service.restored"],
            },
            case="live",
        ),
    ],
}
TRIAL, PENDING, LIVE = (suite_of(cast_class, verbs) for cast_class, verbs in TABLES.items())
test_allowed_in_trial, test_forbidden_in_trial, test_refused_in_trial, test_atomic_in_trial = TRIAL
test_allowed_pending, test_forbidden_pending, test_refused_pending, test_atomic_pending = PENDING
test_allowed_live, test_forbidden_live, test_refused_live, test_atomic_live = LIVE


def test_who_may_answer_requests():
    cast = PendingCast()
    answering = [who for who in cast.PEOPLE if lifecycle.may_answer_request(getattr(cast, who), cast.service)]
    assert answering == ["superuser", "staff", "reviewer"]
    cast.organisation.can_approve_own_go_live_requests = True
    assert lifecycle.may_answer_request(cast.approver, cast.service)
    assert not lifecycle.may_answer_request(cast.colleague, cast.service)
