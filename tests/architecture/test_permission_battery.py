"""Every address of a service or an organisation, opened by everybody: what happens follows from what its view declares.

`needs` and `open_to_organisation` say who gets in. Each address has a positive control: a person with that one right and no
other gets in, so that no refusal is one by accident.
"""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest
from django.test import Client
from django.utils.http import urlencode

from accounts.models import User
from messaging.enums import Status
from messaging.jobs.enums import JobState
from notify.lib import clock
from organisations.permissions import MAKE_SERVICES_LIVE
from services.actions.brand_drafts import save_draft
from services.enums import ServicePermission
from services.permissions import MANAGE_API_KEYS, MANAGE_SERVICE, SEND_MESSAGES, SERVICE_PERMISSIONS, VIEW_ACTIVITY
from tests.architecture.test_url_access import access_of, own_views
from tests.branding.test_logos import png
from tests.factories.accounts import UserFactory
from tests.factories.branding import EmailBrandFactory, LetterBrandFactory
from tests.factories.callbacks import AttemptFactory, DeliveryFactory, EndpointFactory
from tests.factories.inbound import InboundNumberFactory, ReceivedTextFactory
from tests.factories.jobs import ContactListFactory, JobFactory
from tests.factories.letters import ReturnedLetterFactory
from tests.factories.message_templates import (
    TemplateAttachmentFactory,
    TemplateDraftFactory,
    TemplateFactory,
    TemplateFolderFactory,
)
from tests.factories.notifications import NotificationFactory, SuppressionFactory
from tests.factories.organisations import DomainFactory, OrganisationFactory, OrganisationInvitationFactory, belong
from tests.factories.services import (
    ApiKeyFactory,
    InvitationFactory,
    JoinRequestFactory,
    LetterContactFactory,
    LiveServiceFactory,
    PendingServiceFactory,
    ReplyToFactory,
    ServiceFactory,
    SmsSenderFactory,
    WaitingReplyToFactory,
    join,
)

NOBODY, NOT_FOUND, FORBIDDEN, IN = "sign in", 404, 403, "in"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


class Things:
    """What addresses of one service name: one factory for each parameter of a route."""

    def __init__(self, route: str, service: Any) -> None:
        self.route, self.service = route, service

    def values(self) -> dict[str, Any]:
        names = [one or other for one, other in PARAMETER.findall(self.route)]
        return {name: getattr(self, name) for name in names}

    @cached_property
    def service_id(self) -> Any:
        return self.service.pk

    @cached_property
    def template(self) -> Any:
        letter, email = "one-letter" in self.route or ".pdf" in self.route, "/files" in self.route
        return TemplateFactory(service=self.service, channel="letter" if letter else "email" if email else "sms")

    @cached_property
    def template_id(self) -> Any:
        if self.route.endswith("/draft"):
            TemplateDraftFactory(template=self.template)
        return self.template.pk

    @cached_property
    def sender_id(self) -> Any:
        kinds = {"reply-to": ReplyToFactory, "sms-sender": SmsSenderFactory, "letter-contact": LetterContactFactory}
        if "send-again" in self.route:
            return WaitingReplyToFactory(service=self.service).pk
        return next(factory for kind, factory in kinds.items() if kind in self.route)(service=self.service).pk

    @cached_property
    def key_id(self) -> Any:
        return ApiKeyFactory(service=self.service).pk

    @cached_property
    def invitation_id(self) -> Any:
        return InvitationFactory(service=self.service).pk

    @cached_property
    def user_id(self) -> Any:
        return join(self.service, UserFactory(), VIEW_ACTIVITY).pk

    @cached_property
    def request_id(self) -> Any:
        return JoinRequestFactory(service=self.service).pk

    @cached_property
    def folder_id(self) -> Any:
        return TemplateFolderFactory(service=self.service).pk

    @cached_property
    def file_id(self) -> Any:
        return TemplateAttachmentFactory(template=self.template).pk

    @cached_property
    def notification_id(self) -> Any:
        template = TemplateFactory(service=self.service, channel="letter" if ".pdf" in self.route else "sms")
        return NotificationFactory(template=template, status=Status.TEMPORARY_FAILURE).pk

    @cached_property
    def suppression_id(self) -> Any:
        return SuppressionFactory(service=self.service).pk

    @cached_property
    def reported_on(self) -> Any:
        letter = NotificationFactory(template=TemplateFactory(service=self.service, channel="letter"))
        ReturnedLetterFactory(service=self.service, notification_id=letter.pk)
        return clock.local_day().isoformat()

    @cached_property
    def item_id(self) -> Any:
        return ReceivedTextFactory(service=self.service).pk

    @cached_property
    def job_id(self) -> Any:
        state = JobState.READY if "/check/" in self.route else JobState.SCHEDULED
        return JobFactory(template=self.template, state=state, scheduled_for=clock.now()).pk

    @cached_property
    def list_id(self) -> Any:
        return ContactListFactory(service=self.service).pk

    @cached_property
    def endpoint_id(self) -> Any:
        is_off = self.route.endswith("/on")
        off = {"is_on": False, "off_at": clock.now(), "off_reason": "person"} if is_off else {}
        return EndpointFactory(service=self.service, **off).pk

    @cached_property
    def delivery_id(self) -> Any:
        return AttemptFactory(delivery=DeliveryFactory(endpoint__service=self.service)).delivery_id

    verb, permission, channel, step = "cancel", "letter", "sms", 1
    slug = "delivery-status-callback"


class OrganisationThings:
    """The same for addresses of an organisation."""

    def __init__(self, route: str, organisation: Any) -> None:
        self.route, self.organisation = route, organisation

    values = Things.values

    @cached_property
    def organisation_id(self) -> Any:
        return self.organisation.pk

    @cached_property
    def user_id(self) -> Any:
        return belong(self.organisation, UserFactory()).pk

    @cached_property
    def invitation_id(self) -> Any:
        return OrganisationInvitationFactory(organisation=self.organisation).pk


# Parameters that name a thing of the service; the others are words of the address.
WORDS = {"service_id", "organisation_id", "verb", "permission", "channel", "step", "slug", "reported_on"}


def views_of(access: str) -> Any:
    found = [(route, pattern) for route, pattern in own_views() if access_of(pattern) == access]
    return pytest.mark.parametrize(("route", "view"), [(route, view_of(p)) for route, p in found], ids=[r for r, _ in found])


def view_of(pattern: Any) -> Any:
    return pattern.callback.view_class


def address(route: str, values: dict[str, Any]) -> str:
    path = PARAMETER.sub(lambda match: str(values[match[1] or match[2]]), route)
    return "/" + path.replace("^", "").replace("$", "")


def opened(person: User | None, path: str, method: str, data: Any = None) -> Any:
    """What somebody meets at an address: the way to sign in, a status, or "in"."""
    client = Client()
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    response = getattr(client, method)(path, data)
    if response.status_code == 302 and response.headers["Location"].startswith("/sign-in"):
        return NOBODY
    return IN if response.status_code in (200, 302) else response.status_code


def live_service(**fields: Any) -> Any:
    """A live service that may do everything and receives texts."""
    service = LiveServiceFactory(permissions=list(ServicePermission.values), **fields)
    InboundNumberFactory(service=service, sms_sender=SmsSenderFactory(service=service, is_inbound_number=True))
    return service


def brand_to_confirm(kind: str) -> Callable[[Any], str]:
    def query(service: Any) -> str:
        brand = {"email": EmailBrandFactory, "letter": LetterBrandFactory}[kind]()
        getattr(service.organisation, f"{kind}_brand_pool").add(brand)
        return urlencode({"choice": brand.pk, "brand": brand.pk})

    return query


def draft(service: Any) -> str:
    return urlencode({"draft": save_draft(service.pk, png(), style="org", colour="", is_organisations_own=False).token()})


# Addresses that need more than their path: the end of the route → the query.
QUERIES: dict[str, Callable[[Any], str]] = {
    "branding/email/confirm": brand_to_confirm("email"),
    "branding/letter/confirm": brand_to_confirm("letter"),
    "branding/email/preview": draft,
    "branding/email/draft.png": draft,
    "branding/email/example": brand_to_confirm("email"),
    "branding/letter/example.png": brand_to_confirm("letter"),
    "download-notifications.csv": lambda service: "channel=sms",
}
# What is posted where nothing would be refused as such.
POSTED = {
    "<uuid:template_id>/draft": {"verb": "discard"},
    "<uuid:job_id>/turn": {"verb": "pause"},
    "folders/<uuid:folder_id>/add": {"name": "New"},
}
# Views that ask for one of several rights themselves: the end of the route → these rights, and what the others meet.
LOOKING_AT_SETTINGS = ({MANAGE_SERVICE, MANAGE_API_KEYS}, FORBIDDEN)
LOOKING_AT_A_MESSAGE = ({VIEW_ACTIVITY, SEND_MESSAGES}, NOT_FOUND)
ASKED_INSIDE: dict[str, tuple[set[str], Any]] = {
    "service-settings": LOOKING_AT_SETTINGS,
    "service-settings/reply-to": LOOKING_AT_SETTINGS,
    "service-settings/sms-sender": LOOKING_AT_SETTINGS,
    "service-settings/letter-contact": LOOKING_AT_SETTINGS,
    "notification/<uuid:notification_id>": LOOKING_AT_A_MESSAGE,
    "notification/<uuid:notification_id>/status": LOOKING_AT_A_MESSAGE,
    "notification/<uuid:notification_id>.pdf": LOOKING_AT_A_MESSAGE,
}
# Addresses for services of one kind only: the end of the route → how the service is.
KINDS_OF_SERVICE: dict[str, dict[str, Any]] = {
    "add-gp-organisation": {"organisation": None, "organisation_type": "nhs_gp", "crown": False},
    "add-nhs-local-organisation": {"organisation": None, "organisation_type": "nhs_local", "crown": False},
}


def found_by_end(table: dict[str, Any], route: str) -> Any:
    return next((value for end, value in table.items() if route.endswith(end)), None)


def method_of(view: Any) -> str:
    """How a view is opened: by looking at it where that can be done."""
    return "get" if hasattr(view, "get") and "get" in view.http_method_names else "post"


@pytest.mark.django_db
@views_of("service")
def test_who_gets_in_at_a_service(route: str, view: Any) -> None:
    service = live_service(**(found_by_end(KINDS_OF_SERVICE, route) or {}))
    rights, otherwise = found_by_end(ASKED_INSIDE, route) or ({view.needs} - {None}, FORBIDDEN)
    things, query = Things(route, service).values(), found_by_end(QUERIES, route)
    path = address(route, things) + (f"?{query(service)}" if query else "")
    method, data = method_of(view), found_by_end(POSTED, route)

    people = {
        "anonymous": (None, NOBODY),
        "outsider": (join(ServiceFactory(), UserFactory(), *SERVICE_PERMISSIONS), NOT_FOUND),
    }
    if rights:
        lacking = join(service, UserFactory(), *(right for right in SERVICE_PERMISSIONS if right not in rights))
        people["without the right"] = (lacking, otherwise)
    if service.organisation and not view.open_to_organisation:
        people["of the organisation"] = (belong(service.organisation, UserFactory()), NOT_FOUND)
    methods = [method] if found_by_end(ASKED_INSIDE, route) else ["get", "post"]
    met = {who: [opened(person, path, one, data) for one in methods] for who, (person, _) in people.items()}
    assert met == {who: [answer] * len(methods) for who, (_, answer) in people.items()}

    holders = [
        join(service, UserFactory(mobile_number="+447700900123"), *([right] if right else [])) for right in rights or [None]
    ]
    if not things.keys() <= WORDS:
        theirs = Things(route, live_service()).values() | {"service_id": service.pk}
        assert opened(holders[0], address(route, theirs), "post" if data else method, data) == NOT_FOUND
    if view.open_to_organisation:
        assert opened(belong(service.organisation, UserFactory()), path, method) == IN
    for holder in holders:
        assert opened(holder, path, method, data) == IN


@pytest.mark.django_db
@views_of("organisation")
def test_who_gets_in_at_an_organisation(route: str, view: Any) -> None:
    organisation = OrganisationFactory(can_approve_own_go_live_requests=True)
    elsewhere = belong(OrganisationFactory(), UserFactory(), MAKE_SERVICES_LIVE)
    of_a_service = join(ServiceFactory(organisation=organisation), UserFactory(), *SERVICE_PERMISSIONS)
    needs, method = view.needs, method_of(view)
    holder, lacking = belong(organisation, UserFactory(), *([needs] if needs else [])), belong(organisation, UserFactory())
    things = OrganisationThings(route, organisation).values()
    path = address(route, things)

    people = {"anonymous": None, "outsider": elsewhere, "of a service": of_a_service}
    people |= {"without the right": lacking} if needs else {}
    refused = {f"{who}, {one}": opened(person, path, one) for who, person in people.items() for one in ("get", "post")}
    answers = {"anonymous": NOBODY, "without the right": FORBIDDEN}
    assert refused == {key: answers.get(key.split(", ")[0], NOT_FOUND) for key in refused}

    if not things.keys() <= WORDS:
        theirs = OrganisationThings(route, OrganisationFactory()).values() | {"organisation_id": organisation.pk}
        assert opened(holder, address(route, theirs), method) == NOT_FOUND
    assert opened(holder, path, method) == IN


# --- Addresses that anybody signed in may try, and whose views ask themselves ------------------------------------------
def waits_for_an_answer() -> Any:
    return PendingServiceFactory(organisation=OrganisationFactory(can_approve_own_go_live_requests=True))


def was_archived() -> Any:
    return ServiceFactory(archived_at=clock.now(), archived_name="Parks")


def asked_to_join(service: Any, person: User) -> User:
    JoinRequestFactory(service=service, requester=person)
    return person


def colleague(service: Any) -> User:
    DomainFactory(domain="town.gov.uk", organisation=service.organisation)
    return UserFactory(email="ana@town.gov.uk")


# The route → the service, who gets in, and what a member without a right meets; somebody else meets 404.
ASKING_THEMSELVES: dict[str, tuple[Callable[[], Any], Callable[[Any], User], Any]] = {
    "services/<uuid:service_id>/go-live-decision": (
        waits_for_an_answer,
        lambda service: belong(service.organisation, UserFactory(), MAKE_SERVICES_LIVE),
        FORBIDDEN,
    ),
    "services/<uuid:service_id>/restore": (
        was_archived,
        lambda service: join(service, UserFactory(), MANAGE_SERVICE),
        NOT_FOUND,
    ),
    "services/<uuid:service_id>/join/ask": (LiveServiceFactory, colleague, NOT_FOUND),
    "services/<uuid:service_id>/join/you-have-asked": (
        LiveServiceFactory,
        lambda service: asked_to_join(service, colleague(service)),
        NOT_FOUND,
    ),
    "d/<uuid:file_id>/for-the-team": (LiveServiceFactory, lambda service: join(service, UserFactory()), IN),
}


def test_every_address_whose_view_asks_itself_is_in_the_table():
    found = {route for route, pattern in own_views() if access_of(pattern) == "signed_in" and "<uuid" in route}
    assert found == ASKING_THEMSELVES.keys()


@pytest.mark.django_db
@pytest.mark.parametrize("route", ASKING_THEMSELVES)
def test_who_gets_in_where_the_view_asks_itself(route: str) -> None:
    make, let_in, of_a_member = ASKING_THEMSELVES[route]
    service = make()
    path = address(route, Things(route, service).values())
    people = {
        "anonymous": None,
        "outsider": join(ServiceFactory(), UserFactory(), *SERVICE_PERMISSIONS),
        "member": join(service, UserFactory(), VIEW_ACTIVITY),
        "holder": let_in(service),
    }
    met = {who: opened(person, path, "get") for who, person in people.items()}
    assert met == {"anonymous": NOBODY, "outsider": NOT_FOUND, "member": of_a_member, "holder": IN}


@pytest.mark.django_db
def test_people_who_are_signed_in_open_what_is_for_everybody_signed_in():
    """The positive control of pages without a thing in their address; some lead on to another page first."""
    person = colleague(LiveServiceFactory())
    routes = [route for route, pattern in own_views() if access_of(pattern) == "signed_in" and "<" not in route]
    met = {route: opened(person, f"/{route}", "get") for route in routes}
    assert {route: answer for route, answer in met.items() if answer != IN} == {"support-session/end": 405}
    assert opened(person, "/support-session/end", "post") == IN
