"""How a service's emails and letters look: choosing, uploading, asking."""

from django.db import transaction

from accounts import staff
from audit.actors import Actor
from audit.record import record
from branding.actions.brands import make_email_brand, make_letter_brand
from branding.models import EmailBrand, LetterBrand
from notify.lib import clock
from notify.lib.refusals import ActionRefused, Reason
from organisations.actions import brands as organisation_brands
from organisations.models import Organisation
from organisations.rules import may_use_government_brand
from services.access import require
from services.enums import ServiceState
from services.models import BrandRequest, Service
from services.permissions import MANAGE_SERVICE
from services.queries import brand_choices
from services.queries.brand_choices import Kind


@transaction.atomic
def choose_brand(service: Service, kind: Kind, key: str, *, by: Actor) -> Service:
    """Apply a brand that is there already: the government's, the NHS's, or one of the organisation's pool.

    Refuses people who may not manage the service, and everything that `brand_choices` does not offer (ActionRefused).
    """
    require(by, service, MANAGE_SERVICE)
    service = Service.objects.locked(service.pk)
    chosen = brand_choices.choice(service, kind, key)
    if chosen is None or not chosen.can_be_applied:
        raise ActionRefused(Reason("choice", "Choose one of the brands that your service may use", "options"))
    return _apply(service, kind, chosen.brand, by=by)


@transaction.atomic
def upload_email_brand(
    service: Service,
    *,
    logo: bytes,
    alt_text: str,
    by: Actor,
    style: str = EmailBrand.Style.ORG,
    colour: str = "",
    is_organisations_own: bool = False,
) -> EmailBrand:
    """Make a brand from a team's own logo, apply it, and offer it to the whole organisation.

    It also becomes the organisation's default when it is the organisation's own brand, there is none yet, and no other
    of its services is live. Refuses people who may not manage the service, the government's brand for those who may not
    have it, and what `make_email_brand` refuses.
    """
    require(by, service, MANAGE_SERVICE)
    service = Service.objects.locked(service.pk)
    if style == EmailBrand.Style.BOTH and not may_use_government_brand(service.organisation_type):
        raise ActionRefused(Reason("style", "Only central government can use the government brand", "style"))
    name = _free_name(EmailBrand, alt_text)
    brand = make_email_brand(name=name, style=style, colour=colour, alt_text=alt_text, logo=logo, by=by)
    _offer(service, brand, by=by)
    organisation = service.organisation
    if is_organisations_own and organisation is not None and _may_have_default_from(service, organisation):
        organisation_brands.put_default(organisation, "email", brand, by=by)
    _apply(service, "email", brand, by=by)
    return brand


@transaction.atomic
def upload_letter_brand(service: Service, *, name: str, logo: bytes, by: Actor) -> LetterBrand:
    """Make a letter brand from a team's own SVG, apply it, and offer it to the whole organisation.

    Refuses people who may not manage the service, and what `make_letter_brand` refuses.
    """
    require(by, service, MANAGE_SERVICE)
    service = Service.objects.locked(service.pk)
    brand = make_letter_brand(name=name, logo=logo, by=by)
    _offer(service, brand, by=by)
    _apply(service, "letter", brand, by=by)
    return brand


@transaction.atomic
def request_brand(service: Service, kind: Kind, *, text: str, by: Actor) -> BrandRequest:
    """Ask the platform's designers for a brand. Refuses people who may not manage the service, and an empty wish."""
    require(by, service, MANAGE_SERVICE)
    text = text.strip()
    if not text:
        raise ActionRefused(Reason("text", "Describe the branding you want", "text"))
    if len(text) > 5_000:
        raise ActionRefused(Reason("text", "The description must be 5,000 characters or fewer", "text"))
    request = BrandRequest.objects.create(service=service, kind=kind, text=text, requested_by=staff.person(by))
    record("brand_request.made", actor=by, subject=request, data={"kind": kind})
    return request


@transaction.atomic
def answer_brand_request(request: BrandRequest, *, answer: str, by: Actor) -> BrandRequest:
    """Close a request as staff, with a note of what was done. Refuses others, and one that was answered."""
    staff.require(by, "services.change_brandrequest")
    request = BrandRequest.objects.select_for_update().get(pk=request.pk)
    if request.answered_at:
        raise ActionRefused("This request has already been answered")
    request.answered_at, request.answered_by, request.answer = clock.now(), staff.person(by), answer.strip()
    request.save(update_fields=["answered_at", "answered_by", "answer"])
    record("brand_request.answered", actor=by, subject=request)
    return request


@transaction.atomic
def set_brand(service: Service, kind: Kind, brand: EmailBrand | LetterBrand | None, *, by: Actor) -> Service:
    """Give a service any brand as staff. Refuses others, and the government's own look outside central government."""
    staff.require(by, "organisations.choose_brands")
    service = Service.objects.locked(service.pk)
    if brand is None and kind == "email" and not may_use_government_brand(service.organisation_type):
        raise ActionRefused("Only central government can use the government brand. Choose another brand")
    if brand is not None and not brand.is_active:
        raise ActionRefused("This brand is archived")
    return _apply(service, kind, brand, by=by)


def _apply(service: Service, kind: Kind, brand: EmailBrand | LetterBrand | None, *, by: Actor) -> Service:
    field = f"{kind}_brand"
    before = getattr(service, field)
    setattr(service, field, brand)
    service.save(update_fields=[field])
    data = {"kind": kind, "before": before.name if before else "", "after": brand.name if brand else ""}
    record("service.brand_changed", actor=by, subject=service, data=data)
    return service


def _offer(service: Service, brand: EmailBrand | LetterBrand, *, by: Actor) -> None:
    if service.organisation:
        organisation_brands.put_in_pool(service.organisation, brand, by=by)


def _may_have_default_from(service: Service, organisation: Organisation) -> bool:
    if organisation.default_email_brand_id or may_use_government_brand(organisation.organisation_type):
        return False
    others = organisation.services.active().filter(state=ServiceState.LIVE).exclude(pk=service.pk)
    return not others.exists()


def _free_name(model: type[EmailBrand], wanted: str) -> str:
    """A name nobody has yet: “Example”, “Example (2)”, and so on."""
    wanted = " ".join(wanted.split())[:240]
    name, number = wanted, 2
    while name and model.objects.filter(name__iexact=name).exists():
        name, number = f"{wanted} ({number})", number + 1
    return name
