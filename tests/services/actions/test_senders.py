"""Who messages are from, confirming addresses, and the guest list."""

from datetime import timedelta
from unittest.mock import ANY

import pytest
from django.core import mail

from audit.models import AuditEvent
from audit.record import SYSTEM
from notify.lib import clock
from notify.lib.refusals import ActionRefused, PermissionRefused
from services.actions import reply_to_verification, senders
from services.actions.staff_settings import protect_sender
from services.models import EmailReplyTo, GuestListEntry, SmsSender
from services.queries.team import may_receive
from tests.factories.services import (
    LetterContactFactory,
    ReplyToFactory,
    ServiceFactory,
    SmsSenderFactory,
    WaitingReplyToFactory,
    add_reply_to,
)
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


def refusal(action, *args, **kwargs):
    events = AuditEvent.objects.count()
    with pytest.raises(ActionRefused) as refused:
        action(*args, **kwargs)
    assert AuditEvent.objects.count() == events
    return [reason.message for reason in refused.value.reasons]


def add(service, address, by, **words):
    return senders.add_reply_to(service, email_address=address, is_default=words.get("is_default", False), by=by)


# --- Reply-to addresses -----------------------------------------------------------------------------------------------
def test_an_address_is_used_once_somebody_there_confirmed_it(service, manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        reply_to = add(service, "Team@Department.gov.uk", manager)
    assert (reply_to.is_waiting, reply_to.is_default) == (True, False)
    assert [each.to for each in mail.outbox] == [["team@department.gov.uk"]]
    assert "/confirm-reply-to/" in mail.outbox[0].body
    senders.confirm_reply_to(reply_to, by=SYSTEM)
    reply_to.refresh_from_db()
    assert (reply_to.is_waiting, reply_to.is_default) == (False, True)


def test_a_confirmed_address_becomes_the_default_only_if_it_was_to_be(service, manager):
    first = add_reply_to(service)
    second = add(service, "second@department.gov.uk", manager)
    senders.confirm_reply_to(second, by=SYSTEM)
    third = add(service, "third@department.gov.uk", manager)
    senders.confirm_reply_to(third, make_default=True, by=SYSTEM)
    defaults = EmailReplyTo.objects.filter(service=service, is_default=True)
    assert list(defaults) == [third]
    assert EmailReplyTo.objects.filter(pk__in=[first.pk, second.pk], archived_at=None).count() == 2


def test_another_address_takes_the_place_of_the_old_one_once_confirmed(service, manager):
    old = add_reply_to(service)
    new = senders.change_reply_to(old, email_address="new@department.gov.uk", is_default=False, by=manager)
    old.refresh_from_db()
    assert (old.archived_at, new.is_waiting) == (None, True)
    senders.confirm_reply_to(new, make_default=True, replaces=old.pk, by=SYSTEM)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.archived_at is not None, new.is_default) == (True, True)


def test_confirming_twice_is_harmless_and_a_removed_address_stays_away(service, manager):
    reply_to = add(service, "team@department.gov.uk", manager)
    senders.confirm_reply_to(reply_to, by=SYSTEM)
    senders.confirm_reply_to(reply_to, by=SYSTEM)
    assert AuditEvent.objects.filter(name="reply_to.confirmed").count() == 1
    other = add(service, "other@department.gov.uk", manager)
    senders.remove_sender(other, by=manager)
    assert refusal(senders.confirm_reply_to, other, by=SYSTEM) == ["This address has been removed from the service"]


def test_what_staff_add_counts_at_once(service, staff):
    reply_to = add(service, "team@department.gov.uk", staff)
    assert (reply_to.is_waiting, reply_to.is_default) == (False, True)


def test_links_end_after_a_day_and_cannot_be_made_up(service, manager, monkeypatch):
    reply_to = add(service, "team@department.gov.uk", manager)
    token = reply_to_verification.token_for(reply_to, True)
    assert reply_to_verification.read(token) == (reply_to, True, None)
    assert reply_to_verification.read(token + "x") is None
    monkeypatch.setattr(reply_to_verification, "LIFETIME", timedelta(seconds=-1))
    assert reply_to_verification.read(token) is None


def test_an_address_is_added_once(service, manager):
    add(service, "team@department.gov.uk", manager)
    assert refusal(add, service, "TEAM@department.gov.uk", manager) == ["You have added this address already"]
    assert refusal(add, service, "nonsense", manager) == [
        "Enter an email address in the correct format, like name@example.gov.uk"
    ]


def test_an_address_in_use_is_made_the_default_without_another_email(service, manager):
    first = add_reply_to(service)
    second = ReplyToFactory(service=service, verified_at=clock.now())
    changed = senders.change_reply_to(second, email_address=second.email_address.upper(), is_default=True, by=manager)
    first.refresh_from_db()
    assert (changed.pk, changed.is_default, first.is_default) == (second.pk, True, False)
    assert EmailReplyTo.objects.filter(service=service).count() == 2


def test_an_address_that_waits_is_not_made_the_default(service, manager):
    reply_to = add(service, "team@department.gov.uk", manager)
    assert refusal(senders.change_reply_to, reply_to, email_address="team@department.gov.uk", is_default=True, by=manager) == [
        "Confirm the address before you make it the default"
    ]


def test_the_email_is_sent_again_after_a_minute(service, manager):
    reply_to = add(service, "team@department.gov.uk", manager)
    assert refusal(senders.resend_verification, reply_to, by=manager) == [
        "We sent an email less than a minute ago: look for it, or try again in a minute"
    ]
    EmailReplyTo.objects.update(verification_sent_at=clock.now() - timedelta(minutes=2))
    reply_to.refresh_from_db()
    assert senders.resend_verification(reply_to, by=manager).is_waiting
    senders.confirm_reply_to(reply_to, by=SYSTEM)
    reply_to.refresh_from_db()
    assert refusal(senders.resend_verification, reply_to, by=manager) == ["This address does not need to be confirmed"]


def test_members_change_no_senders(service, member, outsider):
    for person in (member, outsider):
        with pytest.raises(PermissionRefused):
            add(service, "team@department.gov.uk", person)
        with pytest.raises(PermissionRefused):
            senders.add_sms_sender(service, name="Bins", is_default=True, by=person)
        with pytest.raises(PermissionRefused):
            senders.set_guest_list(service, emails=[], phones=[], by=person)


# --- Text senders -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["Bins", "A & B", "No.1-x_y", "07700900123", "60006", "NHSNoReply"])
def test_good_text_senders(name, service, manager):
    assert senders.add_sms_sender(service, name=name, is_default=False, by=manager).name == name


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Enter a text message sender"),
        ("ab", "Text message sender must be at least 3 characters long"),
        ("x" * 12, "Text message sender cannot be longer than 11 characters"),
        ("Büns", "Text message sender can only include letters, numbers, spaces and & . - _ '"),
        ("00123", "Text message sender cannot start with 00"),
        ("info", "Text message sender needs to say who the text is from"),
        ("ALERT", "Text message sender needs to say who the text is from"),
        ("12345", "A number must be a UK mobile number, or five digits that start with 6, 7 or 8"),
        ("NHSNOREPLY", "Write this sender as NHSNoReply"),
    ],
)
def test_bad_text_senders(name, sentence, service, manager):
    assert refusal(senders.add_sms_sender, service, name=name, is_default=False, by=manager) == [sentence]


def test_protected_names_are_for_staff_to_give(service, manager, staff):
    protect_sender(name="HMRC", by=staff)
    assert refusal(senders.add_sms_sender, service, name="hmrc", is_default=False, by=manager) == [
        "This sender name is protected: write to the platform’s support if it is yours"
    ]
    assert senders.add_sms_sender(service, name="HMRC", is_default=True, by=staff).is_default


def test_there_is_always_one_default(service, manager):
    first = SmsSender.objects.get(service=service)
    second = senders.add_sms_sender(service, name="Bins", is_default=True, by=manager)
    assert list(SmsSender.objects.filter(service=service, is_default=True)) == [second]
    assert refusal(senders.remove_sender, second, by=manager) == ["Make another one the default before you remove this one"]
    senders.remove_sender(first, by=manager)
    assert list(SmsSender.objects.filter(service=service, archived_at=None)) == [second]


def test_a_receiving_number_is_neither_renamed_nor_removed(service, manager):
    number = SmsSenderFactory(service=service, name="07700900001", is_inbound_number=True)
    assert refusal(senders.change_sms_sender, number, name="Bins", is_default=False, by=manager) == [
        "A number that receives texts cannot be changed"
    ]
    assert refusal(senders.remove_sender, number, by=manager) == ["A number that receives texts cannot be removed"]
    assert senders.change_sms_sender(number, name="07700900001", is_default=True, by=manager).is_default


# --- Letters and guests -----------------------------------------------------------------------------------------------
def test_letter_addresses_have_up_to_ten_lines(service, manager):
    contact = senders.add_letter_contact(service, block="\n The Office \n\n 1 High Street ", is_default=False, by=manager)
    assert (contact.block, contact.is_default) == ("The Office\n1 High Street", True)
    assert refusal(senders.add_letter_contact, service, block="\n".join("x" * 11), is_default=False, by=manager) == [
        "The address has 11 lines, and 10 is the most"
    ]
    senders.remove_sender(contact, by=manager)


def test_the_guest_list_is_replaced_as_a_whole(service, manager):
    senders.set_guest_list(
        service, emails=[("email_1", "Guest@Example.com")], phones=[("phone_1", "07700 900 123")], by=manager
    )
    assert sorted(GuestListEntry.objects.values_list("kind", "normalised")) == [
        ("email", "guest@example.com"),
        ("phone", "+447700900123"),
    ]
    assert may_receive(service, "guest@example.com", "email", guest_list=True)
    assert not may_receive(service, "guest@example.com", "email", guest_list=False)
    assert not may_receive(ServiceFactory(), "guest@example.com", "email", guest_list=True)
    senders.set_guest_list(service, emails=[], phones=[], by=manager)
    assert not GuestListEntry.objects.exists()


def test_one_bad_guest_refuses_all(service, manager):
    sentences = refusal(
        senders.set_guest_list,
        service,
        emails=[("email_1", "ok@example.com"), ("email_2", "bad")],
        phones=[("phone_1", "12")],
        by=manager,
    )
    assert len(sentences) == 2
    assert not GuestListEntry.objects.exists()


def test_there_are_five_guests_of_each_kind(service, manager):
    six = [(f"email_{n}", f"g{n}@example.com") for n in range(6)]
    assert refusal(senders.set_guest_list, service, emails=six, phones=[], by=manager) == [
        "You can add up to 5 email addresses and 5 phone numbers"
    ]


def test_staff_change_an_address_without_asking(service, staff):
    reply_to = add_reply_to(service)
    changed = senders.change_reply_to(reply_to, email_address="new@department.gov.uk", is_default=True, by=staff)
    assert (changed.pk, changed.email_address, changed.is_waiting) == (reply_to.pk, "new@department.gov.uk", False)


def test_what_was_removed_is_not_changed(service, manager):
    sender = senders.add_sms_sender(service, name="Bins", is_default=False, by=manager)
    senders.remove_sender(sender, by=manager)
    assert refusal(senders.change_sms_sender, sender, name="Waste", is_default=False, by=manager) == ["This has been removed"]


def test_an_empty_letter_address_is_refused(service, manager):
    assert refusal(senders.add_letter_contact, service, block=" \n ", is_default=False, by=manager) == ["Enter an address"]


# --- Who may, and what is written ---------------------------------------------------------------------------------
def waiting(cast):
    """An address whose last email went out long enough ago."""
    return WaitingReplyToFactory(
        service=cast.service, email_address="team@department.gov.uk", verification_sent_at=clock.now() - timedelta(hours=1)
    )


# The word of a team has to be confirmed in the mailbox; that of the platform counts at once.
UNCONFIRMED, TRUSTED = ("manager", "key"), ("staff", "superuser", "system")
INVALID = "Enter an email address in the correct format, like name@example.gov.uk"
VERBS = [
    Verb(
        senders.add_reply_to,
        lambda cast: call(cast.service, email_address="a@b.gov.uk", is_default=True),
        UNCONFIRMED,
        {"+EmailReplyTo": 1, "history": ["reply_to.added"]},
        left_out=TRUSTED,
        refused={INVALID: lambda cast: call(cast.service, email_address="x", is_default=True)},
    ),
    Verb(
        senders.add_reply_to,
        lambda cast: call(cast.service, email_address="a@b.gov.uk", is_default=False),
        TRUSTED,
        {"+EmailReplyTo": 1, "history": ["reply_to.added"]},
        left_out=UNCONFIRMED,
        case="trusted",
    ),
    Verb(
        senders.change_reply_to,
        lambda cast: call(ReplyToFactory(service=cast.service), email_address="a@b.gov.uk", is_default=True),
        UNCONFIRMED,
        {"+EmailReplyTo": 1, "history": ["reply_to.added"]},
        left_out=TRUSTED,
        refused={INVALID: lambda cast: call(ReplyToFactory(service=cast.service), email_address="x", is_default=True)},
    ),
    Verb(
        senders.change_reply_to,
        lambda cast: call(ReplyToFactory(service=cast.service), email_address="a@b.gov.uk", is_default=True),
        TRUSTED,
        {
            "EmailReplyTo.email_address": "a@b.gov.uk",
            "EmailReplyTo.is_default": True,
            "EmailReplyTo.verified_at": ANY,
            "history": ["reply_to.changed"],
        },
        left_out=UNCONFIRMED,
        case="trusted",
    ),
    Verb(
        senders.resend_verification,
        lambda cast: call(waiting(cast)),
        TEAM,
        {"EmailReplyTo.verification_sent_at": ANY},
        refused={"This address does not need to be confirmed": lambda cast: call(ReplyToFactory(service=cast.service))},
    ),
    Verb(
        senders.add_sms_sender,
        lambda cast: call(cast.service, name="BINS", is_default=True),
        TEAM,
        {"+SmsSender": 1, "SmsSender.is_default": False, "history": ["sms_sender.added"]},
        refused={"Enter a text message sender": lambda cast: call(cast.service, name="", is_default=True)},
    ),
    Verb(
        senders.change_sms_sender,
        lambda cast: call(SmsSenderFactory(service=cast.service), name="PARKS", is_default=True),
        TEAM,
        {"SmsSender.is_default": [False, True], "SmsSender.name": "PARKS", "history": ["sms_sender.changed"]},
        refused={
            "A number that receives texts cannot be changed": lambda cast: call(
                SmsSenderFactory(service=cast.service, is_inbound_number=True), name="PARKS", is_default=True
            )
        },
    ),
    Verb(
        senders.add_letter_contact,
        lambda cast: call(cast.service, block="1 High Street", is_default=False),
        TEAM,
        {"+LetterContact": 1, "history": ["letter_contact.added"]},
        refused={"Enter an address": lambda cast: call(cast.service, block=" ", is_default=False)},
    ),
    Verb(
        senders.change_letter_contact,
        lambda cast: call(LetterContactFactory(service=cast.service), block="2 High Street", is_default=True),
        TEAM,
        {"LetterContact.block": "2 High Street", "LetterContact.is_default": True, "history": ["letter_contact.changed"]},
        refused={
            "This has been removed": lambda cast: call(
                LetterContactFactory(service=cast.service, archived_at=clock.now()), block="2", is_default=True
            )
        },
    ),
    Verb(
        senders.remove_sender,
        lambda cast: call(SmsSenderFactory(service=cast.service)),
        TEAM,
        {"SmsSender.archived_at": ANY, "history": ["sms_sender.removed"]},
        refused={"Make another one the default before you remove this one": lambda cast: call(cast.service.sms_senders.get())},
    ),
    Verb(
        senders.set_guest_list,
        lambda cast: call(cast.service, emails=[("email_1", "a@b.gov.uk")], phones=[("phone_1", "07700 900123")]),
        TEAM,
        {"+GuestListEntry": 2, "history": ["guest_list.changed"]},
        refused={
            "You can add up to 5 email addresses and 5 phone numbers": lambda cast: call(
                cast.service, emails=[("email", "a@b.gov.uk")] * 6, phones=[]
            )
        },
    ),
]
UNGUARDED = [
    # Whoever opens the link in the mailbox may.
    Verb(
        senders.confirm_reply_to,
        lambda cast: call(waiting(cast)),
        ("system", "outsider"),
        {"EmailReplyTo.is_default": True, "EmailReplyTo.verified_at": ANY, "history": ["reply_to.confirmed"]},
        left_out=ServiceCast.PEOPLE,
        refused={
            "This address has been removed from the service": lambda cast: call(
                ReplyToFactory(service=cast.service, archived_at=clock.now())
            )
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
test_anybody_confirms, _, test_refused_to_confirm, test_atomic_confirmation = suite_of(ServiceCast, UNGUARDED)


def test_numbers_of_the_guest_list_are_kept_as_they_are_compared(service, staff):
    senders.set_guest_list(service, emails=[], phones=[("phone", "07700 900123")], by=staff)
    assert list(service.guest_list.values_list("recipient", "normalised")) == [("07700 900123", "+447700900123")]
