"""Making, changing and archiving brands.

`create_*`, `update_*` and `archive_*` are the staff's; `make_*` serve a caller that checked its own permission (a team
that uploads its logo).
"""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.db import models, transaction

from accounts import staff
from audit.actors import Actor
from audit.record import record
from branding import logos, rules
from branding.models import EmailBrand, LetterBrand
from notify.lib.refusals import ActionRefused, Reason

# Logos that stand out from their background in fewer of their pixels than this cannot be seen.
MIN_VISIBLE_SHARE = 0.05


@transaction.atomic
def create_email_brand(*, by: Actor, **fields: Any) -> EmailBrand:
    """Add an email brand as staff; see `make_email_brand`. Refuses others with PermissionRefused."""
    staff.require(by, "branding.add_emailbrand")
    return make_email_brand(by=by, **fields)


@transaction.atomic
def make_email_brand(
    *,
    name: str,
    by: Actor,
    style: str = EmailBrand.Style.ORG,
    colour: str = "",
    text: str = "",
    alt_text: str = "",
    logo: bytes | None = None,
) -> EmailBrand:
    """Add an email brand with a checked and re-encoded logo.

    Refuses (ActionRefused, a reason per field) an empty or taken name, both or neither of text and description, a bad
    colour, a banner without one, no logo and no text, and a logo that is unsafe or cannot be seen on its background.
    """
    brand = EmailBrand(created_by=staff.person(by))
    _fill(brand, {"name": name, "style": style, "colour": colour, "text": text, "alt_text": alt_text}, logo)
    brand.save()
    record("email_brand.created", actor=by, subject=brand, data={"style": brand.style, "colour": brand.colour})
    return brand


@transaction.atomic
def update_email_brand(brand: EmailBrand, *, by: Actor, logo: bytes | None = None, **changes: Any) -> EmailBrand:
    """Change an email brand as staff. Emails sent from now on look different; the old logo's file stays for the old ones.

    Refuses what `make_email_brand` refuses, and people who are not staff.
    """
    staff.require(by, "branding.change_emailbrand")
    brand = EmailBrand.objects.select_for_update().get(pk=brand.pk)
    fields = ("name", "style", "colour", "text", "alt_text")
    before = {field: getattr(brand, field) for field in (*fields, "logo")}
    before["logo"] = str(before["logo"])
    _fill(brand, {field: changes.get(field, before[field]) for field in fields}, logo)
    brand.save()
    changed = {field: old for field, old in before.items() if str(getattr(brand, field)) != old}
    record("email_brand.changed", actor=by, subject=brand, data={"before": changed})
    return brand


@transaction.atomic
def create_letter_brand(*, name: str, logo: bytes, by: Actor) -> LetterBrand:
    """Add a letter brand as staff; see `make_letter_brand`. Refuses others with PermissionRefused."""
    staff.require(by, "branding.add_letterbrand")
    return make_letter_brand(name=name, logo=logo, by=by)


@transaction.atomic
def make_letter_brand(*, name: str, logo: bytes, by: Actor) -> LetterBrand:
    """Add a letter brand with a rebuilt SVG. Refuses an empty or taken name and an unsafe logo (ActionRefused)."""
    brand = LetterBrand(name=_name(LetterBrand, name), created_by=staff.person(by))
    _put_letter_logo(brand, logo)
    brand.save()
    record("letter_brand.created", actor=by, subject=brand)
    return brand


@transaction.atomic
def update_letter_brand(brand: LetterBrand, *, by: Actor, name: str, logo: bytes | None = None) -> LetterBrand:
    """Change a letter brand as staff. Refuses what `make_letter_brand` refuses, and people who are not staff."""
    staff.require(by, "branding.change_letterbrand")
    brand = LetterBrand.objects.select_for_update().get(pk=brand.pk)
    before = {"name": brand.name, "logo": brand.logo.name}
    brand.name = _name(LetterBrand, name, besides=brand)
    if logo is not None:
        _put_letter_logo(brand, logo)
    brand.save()
    record("letter_brand.changed", actor=by, subject=brand, data={"before": before})
    return brand


@transaction.atomic
def archive_brand(brand: EmailBrand | LetterBrand, *, by: Actor) -> None:
    """Put a brand away; its name becomes free. Refuses people who are not staff, and one in use (ActionRefused)."""
    staff.require(by, f"branding.delete_{brand._meta.model_name}")
    brand = type(brand)._default_manager.select_for_update().get(pk=brand.pk)
    if not brand.is_active:
        return
    if uses := uses_of(brand):
        raise ActionRefused(*[Reason("used", f"This brand is still used by {use}") for use in uses])
    name = brand.name
    brand.name, brand.is_active = f"{name[:200]} (archived {str(brand.pk)[-12:]})", False
    brand.save(update_fields=["name", "is_active"])
    kind = "email" if isinstance(brand, EmailBrand) else "letter"
    record(f"{kind}_brand.archived", actor=by, subject=brand, data={"name": name})


def uses_of(brand: models.Model) -> list[str]:
    """What holds a brand, as words. Whoever points at brands is found through the relations, so no app is named here.

    What is archived holds nothing any more.
    """
    uses = []
    for relation in brand._meta.related_objects:
        holders = relation.related_model._default_manager.filter(archived_at=None)
        users = holders.filter(**{relation.field.name: brand})
        first = users.first()
        if first is not None:
            uses.append(f"{users.model._meta.verbose_name} ‘{first}’")
    return sorted(set(uses))


def _name(model: type[models.Model], name: str, besides: models.Model | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise ActionRefused(Reason("name", "Enter a name for the brand", "name"))
    if len(name) > 255:
        raise ActionRefused(Reason("name", "The name must be 255 characters or fewer", "name"))
    taken = model._default_manager.filter(name__iexact=name).exclude(pk=besides.pk if besides else None)
    if taken.exists():
        raise ActionRefused(Reason("taken", "There is already a brand with this name", "name"))
    return name


def _fill(brand: EmailBrand, fields: dict[str, str], logo: bytes | None) -> None:
    name = _name(EmailBrand, fields["name"], besides=None if brand._state.adding else brand)
    style, text, alt_text = fields["style"], fields["text"].strip(), fields["alt_text"].strip()
    reasons = rules.words_problems(text, alt_text)
    colour, bad_colour = rules.clean_colour(fields["colour"], required=style == EmailBrand.Style.ORG_BANNER)
    reasons += bad_colour
    if style not in EmailBrand.Style.values:
        reasons.append(Reason("style", "Select how the brand is shown", "style"))
    if logo is None and not brand.logo and not text:
        reasons.append(Reason("logo", "Upload a logo, or enter the text to show instead", "logo"))
    if reasons:
        raise ActionRefused(*reasons)
    brand.name, brand.style, brand.colour, brand.text, brand.alt_text = name, style, colour, text, alt_text
    if logo is not None:
        _put_email_logo(brand, logo)


def _put_email_logo(brand: EmailBrand, data: bytes) -> None:
    logo = logos.email_logo(data)
    banner = brand.style == EmailBrand.Style.ORG_BANNER
    if logos.visible_share(logo.png, brand.colour if banner else "#ffffff") < MIN_VISIBLE_SHARE:
        where = f"on a banner of the colour {brand.colour}" if banner else "on white"
        raise ActionRefused(
            Reason("contrast", f"The logo cannot be seen {where}. Use another version of it or another background", "logo")
        )
    brand.logo.save(_file_name(brand, logo.png, "png"), ContentFile(logo.png), save=False)
    brand.logo_width, brand.logo_height = logo.width, logo.height


def _put_letter_logo(brand: LetterBrand, data: bytes) -> None:
    logo = logos.letter_logo(data)
    brand.logo.save(_file_name(brand, logo.svg, "svg"), ContentFile(logo.svg), save=False)
    brand.preview.save(_file_name(brand, logo.preview, "png"), ContentFile(logo.preview), save=False)


def _file_name(brand: models.Model, data: bytes, ending: str) -> str:
    """A name that changes with the contents, so that it may be cached for ever."""
    return f"{brand.pk}-{hashlib.sha256(data).hexdigest()[:16]}.{ending}"
