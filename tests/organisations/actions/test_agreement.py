from unittest.mock import ANY

import pytest

from audit.models import AuditEvent
from notify.lib import clock
from notify.lib.refusals import ActionRefused
from organisations import agreement
from organisations.actions.agreement import accept_agreement
from tests.factories.organisations import OrganisationFactory
from tests.helpers.cast import OrganisationCast
from tests.helpers.verbs import Verb, call, suite_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def unsigned():
    return OrganisationFactory(name="Council", organisation_type="local", crown=False, agreement_signed=False)


def test_accepting_records_who_when_and_which_version_and_sends_receipts(
    unsigned, stranger, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        accept_agreement(unsigned, by=stranger, on_behalf_of_name="Jo Head", on_behalf_of_email="Jo@Council.gov.uk")
    unsigned.refresh_from_db()
    assert (unsigned.agreement_signed, unsigned.agreement_signed_by, unsigned.agreement_signed_version) == (
        True,
        stranger,
        "1.0",
    )
    assert unsigned.agreement_signed_at is not None
    assert (unsigned.agreement_on_behalf_of_name, unsigned.agreement_on_behalf_of_email) == ("Jo Head", "jo@council.gov.uk")
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(["jo@council.gov.uk", stranger.email])
    assert AuditEvent.objects.get().name == "organisation.agreement_accepted"


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ({"version": "0.1"}, ["version"]),
        ({"on_behalf_of_name": "Jo"}, ["email"]),
        ({"on_behalf_of_email": "jo@council.gov.uk"}, ["name"]),
        ({"on_behalf_of_name": "Jo", "on_behalf_of_email": "nonsense"}, ["email"]),
    ],
)
def test_half_an_answer_is_refused(unsigned, stranger, arguments, codes):
    with pytest.raises(ActionRefused) as caught:
        accept_agreement(unsigned, by=stranger, **arguments)
    assert [reason.code for reason in caught.value.reasons] == codes
    unsigned.refresh_from_db()
    assert unsigned.agreement_signed is False


def test_it_is_accepted_once(organisation, stranger):
    with pytest.raises(ActionRefused, match="already accepted"):
        accept_agreement(organisation, by=stranger)


def test_the_text_follows_from_the_crown_status(unsigned):
    assert agreement.choices(unsigned) == [False]
    assert agreement.text_template(unsigned, crown=True) == "organisations/agreement/1.0_non_crown.html"
    unsigned.crown = None
    assert agreement.choices(unsigned) == [True, False]
    assert agreement.text_template(unsigned) is None
    assert agreement.text_template(unsigned, crown=True) == "organisations/agreement/1.0_crown.html"


# --- Who may, and what is written ---------------------------------------------------------------------------------
VERBS = [
    # The caller has checked that this person may speak for a service of the organisation.
    Verb(
        accept_agreement,
        lambda cast: call(council()),
        ("colleague", "staff"),
        {
            "Organisation.agreement_signed": True,
            "Organisation.agreement_signed_at": ANY,
            "Organisation.agreement_signed_by_id": ANY,
            "Organisation.agreement_signed_version": "1.0",
            "history": ["organisation.agreement_accepted"],
        },
        left_out=OrganisationCast.PEOPLE,
        refused={
            "Department for Example has already accepted the agreement": lambda cast: call(cast.organisation),
            "This organisation is archived": lambda cast: call(OrganisationFactory(archived_at=clock.now())),
        },
    ),
]


def council():
    return OrganisationFactory(name="Council", agreement_signed=False)


test_allowed, _, test_refused, test_atomic = suite_of(OrganisationCast, VERBS)
