"""The demonstration's council has a look of its own, and somebody who answers its requests to go live."""

from typing import Any

from audit.record import SYSTEM
from branding.actions.brands import create_email_brand, create_letter_brand
from branding.models import EmailBrand, LetterBrand
from organisations.actions import brands, members, organisations
from organisations.models import Organisation
from organisations.permissions import MAKE_SERVICES_LIVE

_WAVES = "".join(
    f'<path d="M4 {y} q 12 -14 24 0 t 24 0 t 24 0" fill="none" stroke="{colour}" stroke-width="7"/>'
    for y, colour in ((22, "#00703c"), (40, "#1d70b8"), (58, "#003078"))
)
# Letters as strokes, because a logo holds shapes only: R and C.
_LETTERS = (
    '<g fill="none" stroke="#0b0c0c" stroke-width="8">'
    '<path d="M100 64 V16 H118 Q132 16 132 29 Q132 42 118 42 H100 M116 42 L134 64"/>'
    '<path d="M190 26 Q182 16 170 16 Q150 16 150 40 Q150 64 170 64 Q182 64 190 54"/></g>'
)
LOGO = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 80">{_WAVES}{_LETTERS}</svg>'.encode()


def dress(organisation: Organisation, *, approver: Any) -> None:
    """Give the council its brands and its approver; doing it again changes nothing."""
    name = organisation.name
    if not EmailBrand.objects.filter(name=name).exists():
        email = create_email_brand(name=name, alt_text=name, colour="#003078", logo=LOGO, by=SYSTEM)
        brands.set_default(organisation, "email", email, by=SYSTEM)
    if not LetterBrand.objects.filter(name=name).exists():
        brands.set_default(organisation, "letter", create_letter_brand(name=name, logo=LOGO, by=SYSTEM), by=SYSTEM)
    organisations.update_organisation(organisation, by=SYSTEM, can_approve_own_go_live_requests=True)
    members.add_member(organisation, user=approver, by=SYSTEM, permissions=[MAKE_SERVICES_LIVE])
    organisation.refresh_from_db()
