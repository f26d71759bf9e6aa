"""The demonstration of the embedded run: people, services, templates and keys to try things with at once."""

import json
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from callbacks.actions.endpoints import add_endpoint
from callbacks.enums import Kind
from messaging.inbound.models import InboundNumber
from messaging.message_templates.actions.templates import TemplateContent, create_template
from messaging.message_templates.models import MessageTemplate
from notify.demo_brands import dress
from notify.lib.crypto import decrypt, encrypt
from organisations.enums import OrganisationType
from organisations.models import Domain, Organisation
from services.actions.create import create_service
from services.actions.keys import create_key
from services.actions.lifecycle import approve_go_live, request_go_live
from services.actions.members import add_member
from services.actions.senders import add_reply_to, add_sms_sender
from services.actions.settings import confirm_unique, set_contact_link, set_email_sender_name, set_volumes
from services.enums import Channel, KeyType
from services.models import Service
from services.permissions import SEND_MESSAGES, SERVICE_PERMISSIONS, VIEW_ACTIVITY

PASSWORD = "demonstration-2026"
DEMO_BEARER_TOKEN = "demonstration-receiver"
DOMAIN = "riverside.gov.uk"
PEOPLE = [
    ("manager", "Morgan Hale", "morgan.hale@riverside.gov.uk", "+447700900401", "manages the demonstration services"),
    ("colleague", "Robin Ashe", "robin.ashe@riverside.gov.uk", "+447700900402", "second manager of the live service"),
    ("member", "Sasha Reid", "sasha.reid@riverside.gov.uk", "+447700900403", "may look and send, not change"),
    ("staff", "Priya Nair", "priya.nair@platform.gov.uk", "+447700900404", "platform staff: the back office"),
]
LIVE, TRIAL = "Riverside Council Bin Collections", "Riverside Library Reminders"
TEMPLATES = {
    "Collection reminder": (
        Channel.SMS,
        TemplateContent(name="Collection reminder", body="Hi ((name)), your ((colour)) bin will be collected on ((day))."),
    ),
    "Sign-in code": (Channel.SMS, TemplateContent(name="Sign-in code", body="((code)) is your Riverside code.")),
    "Collection confirmed": (
        Channel.EMAIL,
        TemplateContent(
            name="Collection confirmed",
            subject="Your ((colour)) bin collection on ((day))",
            body=(
                "Dear ((name))\n\n# Your collection is booked\n\nWe will collect your ((colour)) bin on ((day)).\n\n"
                "* Put it out before 7am\n* Keep the lid closed\n\n^ You can change this until the day before.\n\n"
                "Riverside Council"
            ),
        ),
    ),
    "Missed collection": (
        Channel.LETTER,
        TemplateContent(
            name="Missed collection",
            subject="We could not collect your bin",
            body="Dear ((address line 1))\n\nWe could not collect your bin on ((day)) because it was not out in time.",
        ),
    ),
}
_FACTS_FILE = "demonstration.sealed"


def load() -> None:
    """Make the demonstration, once; a second call changes nothing."""
    if not default_storage.exists(_FACTS_FILE) or not Service.objects.filter(name=LIVE).exists():
        with transaction.atomic():
            keys = _make()
        default_storage.delete(_FACTS_FILE)
        default_storage.save(_FACTS_FILE, ContentFile(encrypt(json.dumps(keys))))


def facts() -> dict[str, Any]:
    """What a person or a script needs to try the platform at once."""
    with default_storage.open(_FACTS_FILE) as file:
        keys = json.loads(decrypt(file.read()))
    return {
        "base_url": settings.BASE_URL,
        "people": [
            {"email": email, "password": PASSWORD, "role": role, "name": name, "mobile_number": mobile, "says": says}
            for role, name, email, mobile, says in PEOPLE
        ],
        "services": [
            {
                "id": str(service.pk),
                "name": service.name,
                "state": service.state,
                "api_keys": keys.get(str(service.pk), {}),
                "templates": {
                    name: str(pk)
                    for pk, name in MessageTemplate.objects.usable().filter(service=service).values_list("pk", "name")
                },
            }
            for service in Service.objects.filter(name__in=[LIVE, TRIAL]).order_by("name")
        ],
    }


def _make() -> dict[str, dict[str, str]]:
    people = {role: _person(role, name, email, mobile) for role, name, email, mobile, _ in PEOPLE}
    organisation, _ = Organisation.objects.get_or_create(
        name="Riverside Council",
        defaults={"organisation_type": OrganisationType.LOCAL, "crown": False, "agreement_signed": True},
    )
    Domain.objects.get_or_create(domain=DOMAIN, defaults={"organisation": organisation})
    dress(organisation, approver=people["colleague"])
    for number in range(1, 6):
        InboundNumber.objects.get_or_create(number=f"0770090050{number}", defaults={"provider": "sandbox"})
    live, trial = create_service(name=LIVE, by=people["manager"]), create_service(name=TRIAL, by=people["manager"])
    add_member(live, user=people["colleague"], permissions=SERVICE_PERMISSIONS, by=people["manager"])
    for service in (live, trial):
        add_member(service, user=people["member"], permissions=[VIEW_ACTIVITY, SEND_MESSAGES], by=people["manager"])
        for channel, words in TEMPLATES.values():
            create_template(service, channel=channel, words=words, by=people["manager"])
    live = _make_live(live, people)
    add_endpoint(
        live,
        kind=Kind.DELIVERY_STATUS,
        url=f"{settings.BASE_URL}/_demo/callback-receiver",
        bearer_token=DEMO_BEARER_TOKEN,
        by=people["manager"],
    )
    return {str(service.pk): _keys(service, people["manager"]) for service in (live, trial)}


def _person(role: str, name: str, email: str, mobile: str) -> User:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, name=name)
    user.mobile_number, user.mobile_verified = mobile, True
    user.is_staff = user.is_superuser = role == "staff"
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user


def _make_live(service: Service, people: dict[str, User]) -> Service:
    manager = people["manager"]
    confirm_unique(service, by=manager)
    set_volumes(service, email=50_000, sms=80_000, letter=2_000, by=manager)
    set_email_sender_name(service, name="", by=manager)
    set_contact_link(service, link="https://www.riverside.gov.uk/contact", by=manager)
    add_reply_to(service, email_address="bins@riverside.gov.uk", is_default=True, by=people["staff"])
    add_sms_sender(service, name="RIVERSIDE", is_default=True, by=manager)
    request_go_live(service, by=manager)
    return approve_go_live(service, by=people["staff"])


def _keys(service: Service, by: User) -> dict[str, str]:
    kinds = [KeyType.TEST, KeyType.TEAM] + ([KeyType.NORMAL] if service.is_live else [])
    words = {KeyType.TEST: "test", KeyType.TEAM: "team", KeyType.NORMAL: "live"}
    return {words[kind]: create_key(service, name=f"Demonstration {words[kind]}", key_type=kind, by=by)[1] for kind in kinds}
