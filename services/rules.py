"""The numbers and names of a service: limits, allowances, retention, sender addresses."""

from django.conf import settings

from services.enums import Channel, KeyType
from services.models import Service, TypeDefaults

INTERNATIONAL_SMS = "international_sms"
LIMITED_CHANNELS = (Channel.EMAIL.value, Channel.SMS.value, Channel.LETTER.value, INTERNATIONAL_SMS)

# reference: service-lifecycle §4
NAME_MIN_ALPHANUMERICS = 2
NAME_MAX_LENGTH = 255


def type_defaults(organisation_type: str) -> TypeDefaults:
    """The settings-table row of an organisation type; a type without a row gets the table's own defaults."""
    found = TypeDefaults.objects.filter(organisation_type=organisation_type).first()
    return found or TypeDefaults(organisation_type=organisation_type)


def daily_limit(service: Service, channel: str, *, key_type: str = KeyType.NORMAL) -> int:
    """How many messages a service may send in a UTC day on a channel (email, sms, letter or international_sms).

    An override set by staff wins; otherwise the limit follows from the state and the organisation type. Test keys have the
    live limits (reference: service-lifecycle §5).
    """
    override: int | None = getattr(service, f"{channel}_limit_override")
    if override is not None and key_type != KeyType.TEST:
        return override
    mode = "live" if service.is_live or key_type == KeyType.TEST else "trial"
    return int(getattr(_defaults_of(service), f"{mode}_{channel}"))


def _defaults_of(service: Service) -> TypeDefaults:
    """The defaults of a service's type, read once for each loaded service."""
    found: TypeDefaults | None = service.__dict__.get("_type_defaults")
    if found is None or found.organisation_type != service.organisation_type:
        found = type_defaults(service.organisation_type)
        service.__dict__["_type_defaults"] = found
    return found


def retention_days(service: Service, channel: str) -> int:
    """How many days messages of a channel stay readable."""
    own: int | None = getattr(service, f"retention_days_{channel}")
    return own or settings.DEFAULT_RETENTION_DAYS


def free_sms_fragments(service: Service, year: int) -> int:
    """Free text message fragments of the financial year that begins in April of `year`.

    A custom allowance carries over into later years (reference: service-lifecycle §6.2).
    """
    custom = service.allowances.filter(year__lte=year).order_by("-year").values_list("free_sms_fragments", flat=True).first()
    return _defaults_of(service).free_sms_fragments if custom is None else int(custom)


def email_local_part(service: Service) -> str:
    """What stands before the @ of a service's address."""
    return service.email_sender_local_part or service.normalised_name


def email_sender(service: Service) -> str:
    """The full sender of a service's emails: "Name" <local@domain>."""
    name = service.email_sender_name or service.name
    return f'"{name}" <{email_local_part(service)}@{settings.EMAIL_DOMAIN}>'


def sms_prefix(service: Service) -> str | None:
    """What texts start with, where the service asked for it."""
    return service.name if service.prefix_sms else None
