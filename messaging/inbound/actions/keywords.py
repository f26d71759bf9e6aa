"""The platform's own answers to STOP, START and HELP, sent in the service's name from the number that was texted."""

from datetime import timedelta

from django.db import transaction

from messaging.inbound.models import InboundNumber, ReceivedText
from messaging.message_templates.models import MessageTemplate, TemplateVersion
from messaging.notifications.actions.accept import accept
from messaging.notifications.actions.checks import MessageRequest
from messaging.notifications.refusals import MessageRefused
from messaging.notifications.rules.recipients import read_recipient
from notify.lib import clock
from services.enums import Channel
from services.models import Service

STOP, START, HELP = "STOP", "START", "HELP"
KEYWORDS = {
    "STOP": STOP,
    "STOPALL": STOP,
    "UNSUBSCRIBE": STOP,
    "CANCEL": STOP,
    "END": STOP,
    "QUIT": STOP,
    "START": START,
    "UNSTOP": START,
    "HELP": HELP,
    "INFO": HELP,
}
ANSWERS = {
    STOP: "You will get no more text messages from {service}. To get them again, text START to {number}.",
    START: "You will get text messages from {service} again. To stop them, text STOP to {number}.",
    HELP: "This number belongs to {service}. To stop text messages from it, text STOP to {number}.",
}
# Another machine that answers everything must not keep ours busy.
ONE_ANSWER_IN = timedelta(hours=1)

_NAME = "Automatic answers"
# No template of a team has this slug: theirs never begin with a hyphen.
_SLUG = "-automatic-answers"


def keyword_in(message: str) -> str:
    """The keyword a text consists of, or an empty string: a sentence with the word in it is not one."""
    return KEYWORDS.get(message.strip().upper().rstrip(".!"), "")


def answer(received: ReceivedText, *, number: InboundNumber, to: str) -> bool:
    """Answer a keyword; says whether an answer was accepted for sending.

    Nothing is sent twice in an hour to the same person for the same word, nor where the service may not write to them.
    """
    service, keyword = received.service, received.keyword
    recent = ReceivedText.objects.filter(
        service=service,
        user_hash=received.user_hash,
        keyword=keyword,
        created_at__gte=clock.now() - ONE_ANSWER_IN,
        pk__lt=received.pk,
    )
    if recent.exists():
        return False
    words = ANSWERS[keyword].format(service=service.name, number=number.number)
    try:
        with transaction.atomic():
            accept(
                MessageRequest(
                    service=service,
                    template=_template(service),
                    channel=Channel.SMS,
                    recipient=read_recipient(Channel.SMS, to),
                    personalisation={"answer": words},
                    sms_sender_id=number.sms_sender_id,
                )
            )
    except MessageRefused:
        return False
    return True


def _template(service: Service) -> tuple[MessageTemplate, TemplateVersion]:
    """The hidden template that automatic answers belong to, made when it is first needed."""
    template, _ = MessageTemplate.objects.get_or_create(
        service=service, slug=_SLUG, is_hidden=True, defaults={"channel": Channel.SMS, "name": _NAME}
    )
    version, _ = TemplateVersion.objects.get_or_create(
        template=template, number=1, defaults={"name": _NAME, "body": "((answer))"}
    )
    return template, version
