"""What only staff change at a service: who may, what is written, what is refused."""

from unittest.mock import ANY

import pytest

from audit.models import AuditEvent
from notify.lib import clock
from services.actions import staff_settings
from tests.factories.branding import EmailBrandFactory, LetterBrandFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.services import PendingServiceFactory, ProtectedSenderNameFactory, TypeDefaultsFactory
from tests.helpers.cast import STAFF, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of


def protected_name(cast):
    return call(ProtectedSenderNameFactory(name="HMRC"))


def pending_service(cast):
    cast.service = PendingServiceFactory(name="Bin collections", organisation=cast.organisation)
    return call(cast.service, organisation=OrganisationFactory(name="Council", organisation_type="local", crown=False))


def archived_organisation(cast):
    return call(cast.service, organisation=OrganisationFactory(archived_at=clock.now()))


TOO_MUCH = "Enter a number from 0 to 2,000,000,000"
VERBS = [
    Verb(
        staff_settings.set_daily_limits,
        lambda cast: call(cast.service, email=10, sms=None, letter=7),
        STAFF,
        {
            "Service.email_limit_override": 10,
            "Service.letter_limit_override": 7,
            "history": ["service.limit_changed", "service.limit_changed"],
        },
        refused={TOO_MUCH: lambda cast: call(cast.service, email=-1)},
    ),
    Verb(
        staff_settings.set_rate_limit,
        lambda cast: call(cast.service, rate_limit_per_minute=60),
        STAFF,
        {"Service.rate_limit_per_minute": 60, "history": ["service.setting_changed"]},
        refused={TOO_MUCH: lambda cast: call(cast.service, rate_limit_per_minute=-1)},
    ),
    Verb(
        staff_settings.set_counts_as_live,
        lambda cast: call(cast.service, counts_as_live=False),
        STAFF,
        {"Service.counts_as_live": False, "history": ["service.setting_changed"]},
    ),
    Verb(
        staff_settings.set_notes_and_billing,
        lambda cast: call(cast.service, notes="Call Jo", billing_reference="B 7"),
        STAFF,
        {
            "Service.billing_reference": "B 7",
            "Service.notes": "Call Jo",
            "history": ["service.setting_changed", "service.setting_changed"],
        },
    ),
    Verb(
        staff_settings.set_free_allowance,
        lambda cast: call(cast.service, free_sms_fragments=77, year=2025),
        STAFF,
        {"+Allowance": 1, "history": ["service.setting_changed"]},
        refused={TOO_MUCH: lambda cast: call(cast.service, free_sms_fragments=-1)},
    ),
    Verb(
        staff_settings.set_permissions,
        lambda cast: call(cast.service, permissions=["sms", "email", "inbound_sms"]),
        STAFF,
        {
            "Service.permissions": ["email", "sms", "inbound_sms"],
            "history": [
                "service.permission_added",
                "service.permission_removed",
                "service.permission_removed",
                "service.permission_removed",
                "service.permission_removed",
                "service.permission_removed",
            ],
        },
        refused={"Unknown: fly": lambda cast: call(cast.service, permissions=["fly"])},
    ),
    Verb(
        staff_settings.link_organisation,
        lambda cast: call(
            cast.service, organisation=OrganisationFactory(name="Council", organisation_type="local", crown=False)
        ),
        STAFF,
        {
            "Service.crown": False,
            "Service.organisation_id": ANY,
            "Service.organisation_type": "local",
            "history": ["service.organisation_changed"],
        },
        refused={"This organisation is archived": archived_organisation},
    ),
    Verb(
        staff_settings.link_organisation,
        pending_service,
        STAFF,
        {
            "Service.crown": False,
            "Service.go_live_requested_at": None,
            "Service.organisation_id": ANY,
            "Service.organisation_type": "local",
            "Service.state": "trial",
            "history": ["service.go_live_withdrawn", "service.organisation_changed"],
        },
        case="pending",
    ),
    Verb(
        staff_settings.protect_sender,
        lambda cast: call(name="HM Revenue", note="Theirs"),
        STAFF,
        {"+ProtectedSenderName": 1, "history": ["sender_name.protected"]},
        refused={
            "Enter a name of 3 to 11 characters": lambda cast: call(name="a"),
            "This name is protected already": lambda cast: call(name=ProtectedSenderNameFactory(name="HMRC").name),
        },
    ),
    Verb(
        staff_settings.unprotect_sender,
        protected_name,
        STAFF,
        {"-ProtectedSenderName": 1, "history": ["sender_name.unprotected"]},
    ),
    Verb(
        staff_settings.set_type_defaults,
        lambda cast: call(TypeDefaultsFactory(organisation_type="local"), trial_email=60, free_sms_fragments=9_000),
        STAFF,
        {"TypeDefaults.free_sms_fragments": 9000, "TypeDefaults.trial_email": 60, "history": ["type_defaults.changed"]},
        refused={TOO_MUCH: lambda cast: call(TypeDefaultsFactory(organisation_type="local"), trial_email=-1)},
    ),
]
# For a caller who has checked its own permission.
UNGUARDED = [
    Verb(
        staff_settings.put_under_organisation,
        lambda cast: call(cast.service, organisation=OrganisationFactory(name="Ministry")),
        ("manager", "key", "system"),
        {"Service.organisation_id": ANY, "Service.crown": True, "history": ["service.organisation_changed"]},
        left_out=ServiceCast.PEOPLE,
        refused={"This organisation is archived": archived_organisation},
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
test_putting_under, _, test_putting_refused, test_putting_atomic = suite_of(ServiceCast, UNGUARDED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "words"), [(staff_settings.set_daily_limits, {"fax": 1}), (staff_settings.set_notes_and_billing, {"name": "x"})]
)
def test_a_field_that_is_not_of_this_page_is_a_programming_error(action, words, service, staff):
    with pytest.raises(ValueError, match="Not "):
        action(service, **words, by=staff)


@pytest.mark.django_db
def test_what_stays_as_it_is_leaves_no_line_in_the_history(service, staff):
    staff_settings.set_counts_as_live(service, counts_as_live=True, by=staff)
    staff_settings.set_daily_limits(service, email=None, by=staff)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_an_allowance_of_a_year_is_changed_in_place(service, staff):
    for number in (5, 6):
        staff_settings.set_free_allowance(service, free_sms_fragments=number, year=2025, by=staff)
    assert list(service.allowances.values_list("year", "free_sms_fragments")) == [(2025, 6)]
    assert [event.data["before"] for event in AuditEvent.objects.order_by("pk")] == ["not set", "5"]


@pytest.mark.django_db
def test_a_service_takes_the_brands_of_its_new_organisation_where_it_has_none(service, staff):
    brand = EmailBrandFactory()
    organisation = OrganisationFactory(default_email_brand=brand, default_letter_brand=LetterBrandFactory())
    service.letter_brand = own = LetterBrandFactory()
    service.save()
    moved = staff_settings.link_organisation(service, organisation=organisation, by=staff)
    assert (moved.email_brand, moved.letter_brand) == (brand, own)
