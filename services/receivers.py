"""What services take over when their organisation changes (reference: service-lifecycle §9). Runs inside its transaction."""

from typing import Any

from django.dispatch import receiver

from audit.record import SYSTEM, record
from organisations.models import Organisation
from organisations.signals import organisation_changed
from services.actions.create import crown_for
from services.models import Service


@receiver(organisation_changed, sender=Organisation, dispatch_uid="services_inherit")
def inherit(*, organisation: Organisation, fields: frozenset[str], **kwargs: Any) -> None:
    """Type and crown reach every service; a new default brand those that have none. Limits and allowances follow the type.

    Archived services follow too, so that a restored one is up to date. Each changed service gets a line in its history.
    """
    if fields & {"organisation_type", "crown"}:
        _follow_type(organisation)
    for kind in ("email", "letter"):
        if f"default_{kind}_brand" in fields:
            _follow_brand(organisation, kind)


def _follow_type(organisation: Organisation) -> None:
    kind = organisation.organisation_type
    crown = crown_for(kind, organisation.crown)
    for service in Service.objects.select_for_update().filter(organisation=organisation):
        before = (service.organisation_type, service.crown)
        if before == (kind, crown):
            continue
        service.organisation_type, service.crown = kind, crown
        service.save(update_fields=["organisation_type", "crown"])
        words = {"setting": "type and crown status", "before": _words(*before), "after": _words(kind, crown)}
        record("service.setting_changed", actor=SYSTEM, subject=service, data=words)


def _words(kind: str, crown: bool | None) -> str:
    return f"{kind}, {'not known' if crown is None else 'crown' if crown else 'not crown'}"


def _follow_brand(organisation: Organisation, kind: str) -> None:
    brand = getattr(organisation, f"default_{kind}_brand")
    if brand is None:
        return
    field = f"{kind}_brand"
    for service in Service.objects.select_for_update().filter(organisation=organisation, **{f"{field}__isnull": True}):
        setattr(service, field, brand)
        service.save(update_fields=[field])
        data = {"kind": kind, "before": "", "after": brand.name}
        record("service.brand_changed", actor=SYSTEM, subject=service, data=data)
