"""The brands an organisation offers to its services, and those a service starts with."""

from typing import Any, Literal

from django.db import transaction

from audit.actors import Actor
from audit.record import record
from branding.models import EmailBrand, LetterBrand
from notify.lib.refusals import ActionRefused
from organisations import rules
from organisations.access import CHOOSE_BRANDS, require_staff
from organisations.models import Organisation
from organisations.signals import organisation_changed

Kind = Literal["email", "letter"]
Brand = EmailBrand | LetterBrand


def kind_of(brand: Brand) -> Kind:
    return "email" if isinstance(brand, EmailBrand) else "letter"


def pool(organisation: Organisation, kind: Kind) -> Any:
    return organisation.email_brand_pool if kind == "email" else organisation.letter_brand_pool


def default(organisation: Organisation, kind: Kind) -> Brand | None:
    return organisation.default_email_brand if kind == "email" else organisation.default_letter_brand


@transaction.atomic
def add_to_pool(organisation: Organisation, brand: Brand, *, by: Actor) -> None:
    """Offer a brand to the organisation's services: staff. Adding twice is harmless; refuses an archived brand."""
    require_staff(by, CHOOSE_BRANDS)
    put_in_pool(organisation, brand, by=by)


@transaction.atomic
def put_in_pool(organisation: Organisation, brand: Brand, *, by: Actor) -> None:
    """The same for a caller who checked its own permission: a team that uploaded its logo."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not brand.is_active:
        raise ActionRefused("This brand is archived, so it cannot be offered")
    kind = kind_of(brand)
    if pool(organisation, kind).filter(pk=brand.pk).exists():
        return
    pool(organisation, kind).add(brand)
    record("organisation.brand_added", actor=by, subject=organisation, data={"kind": kind, "brand": brand.name})


@transaction.atomic
def remove_from_pool(organisation: Organisation, brand: Brand, *, by: Actor) -> None:
    """Stop offering a brand: staff. Services that use it keep it. Refuses the default brand (ActionRefused)."""
    require_staff(by, CHOOSE_BRANDS)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    kind = kind_of(brand)
    if default(organisation, kind) == brand:
        raise ActionRefused("This is the default brand. Choose another default first")
    pool(organisation, kind).remove(brand)
    record("organisation.brand_removed", actor=by, subject=organisation, data={"kind": kind, "brand": brand.name})


@transaction.atomic
def set_default(organisation: Organisation, kind: Kind, brand: Brand | None, *, by: Actor) -> Organisation:
    """Choose what services start with: staff. The brand joins the pool, and services without one take it.

    None means the government's own look for email, which only central government may choose, and no logo for letters.
    """
    require_staff(by, CHOOSE_BRANDS)
    return put_default(organisation, kind, brand, by=by)


@transaction.atomic
def put_default(organisation: Organisation, kind: Kind, brand: Brand | None, *, by: Actor) -> Organisation:
    """The same for a caller who checked its own permission."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if brand is None and kind == "email" and not rules.may_use_government_brand(organisation.organisation_type):
        raise ActionRefused("Only central government organisations can use the government brand")
    if brand is not None:
        put_in_pool(organisation, brand, by=by)
    field = f"default_{kind}_brand"
    setattr(organisation, field, brand)
    organisation.save(update_fields=[field])
    data = {"kind": kind, "brand": brand.name if brand else "none"}
    record("organisation.default_brand_set", actor=by, subject=organisation, data=data)
    organisation_changed.send(sender=Organisation, organisation=organisation, fields=frozenset({field}))
    return organisation
