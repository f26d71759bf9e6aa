"""A real email, and a real page of a letter, with a brand that is not applied yet."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import View

from branding.models import EmailBrand as BrandRow
from branding.models import LetterBrand
from content import EmailBranding, MessageContent, render_email, render_letter
from messaging.letters.typesetting import page_png, render_pdf
from messaging.notifications.queries.brands import as_content_brand, platform_brand
from notify.lib import clock
from services.access import ServiceAccessMixin
from services.actions.brand_drafts import read_draft
from services.permissions import MANAGE_SERVICE
from services.queries import brand_choices

_EXAMPLE = MessageContent(
    channel="email",
    subject="Your appointment is confirmed",
    body=(
        "Dear Sam,\n\n# Your appointment\n\nWe will see you on 12 January at 9:30am. Please bring:\n\n"
        "* this email\n* something with your name on it\n\nYou can change your appointment until the day before:\n\n"
        "https://www.example.gov.uk/appointments\n\nWith best wishes,\n\nThe appointments team"
    ),
)
_LETTER = MessageContent(
    channel="letter",
    subject="Your appointment is confirmed",
    body=(
        "Dear Sam,\n\nWe will see you on 12 January at 9:30am. Please bring this letter and something with your name on it."
        "\n\nIf you cannot come, let us know by the day before.\n\nWith best wishes,\n\nThe appointments team"
    ),
    contact_block="The appointments team\n2 Example Street\nExampletown\nEX1 1AB",
)
_ADDRESS = {
    "address_line_1": "Sam Example",
    "address_line_2": "1 Example Street",
    "address_line_3": "Exampletown",
    "address_line_4": "EX1 1AA",
}
# A mail is built of style attributes, which a page of ours may not have: so it stands in a frame without any rights.
_POLICY = "default-src 'none'; img-src 'self' data: {images}; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


class EmailExample(ServiceAccessMixin, View):
    """An example email in the brand `?brand=<id>`, the platform's own (`?brand=govuk`), or an uploaded draft (`?draft=`)."""

    needs = MANAGE_SERVICE

    def get(self, request: HttpRequest) -> HttpResponse:
        rendered = render_email(_EXAMPLE, {}, brand=self._brand(request))
        response = HttpResponse(rendered.html)
        response["Content-Security-Policy"] = _POLICY.format(images=request.build_absolute_uri("/").rstrip("/"))
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    def _brand(self, request: HttpRequest) -> EmailBranding:
        if token := request.GET.get("draft", ""):
            return self._draft(request, token)
        wanted = request.GET.get("brand", "")
        if wanted in ("", brand_choices.GOVERNMENT):
            return platform_brand()
        key = _key(wanted)
        if self.service.email_brand is not None and self.service.email_brand.pk == key:
            return as_content_brand(self.service.email_brand, origin=_origin(request))
        choice = brand_choices.choice(self.service, "email", str(key))
        if choice is None or not isinstance(choice.brand, BrandRow):
            raise Http404
        return as_content_brand(choice.brand, origin=_origin(request))

    def _draft(self, request: HttpRequest, token: str) -> EmailBranding:
        draft = read_draft(token, self.service.pk)
        if draft is None:
            raise Http404
        picture = reverse("services:email-branding-draft", kwargs={"service_id": self.service.pk})
        address = request.build_absolute_uri(f"{picture}?{urlencode({'draft': token})}")
        return EmailBranding(
            style=draft.style,
            logo_url=address,
            colour=draft.colour or "#000000",
            alt="Your logo",
            platform=settings.PLATFORM_NAME,
        )


class LetterExample(ServiceAccessMixin, View):
    """A page of a letter, as a picture, with the letter brand `?brand=<id>` or none."""

    needs = MANAGE_SERVICE

    def get(self, request: HttpRequest) -> HttpResponse:
        brand = self._brand(request.GET.get("brand", ""))
        pdf = render_pdf(render_letter(_LETTER, _ADDRESS), day=clock.local_day(), brand=brand)
        picture = page_png(pdf)
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=300"}
        return HttpResponse(picture, content_type="image/png", headers=headers)

    def _brand(self, wanted: str) -> LetterBrand | None:
        if not wanted:
            return None
        key = _key(wanted)
        if self.service.letter_brand_id == key:
            return self.service.letter_brand
        choice = brand_choices.choice(self.service, "letter", str(key))
        if choice is None or not isinstance(choice.brand, LetterBrand):
            raise Http404
        return choice.brand


def _origin(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
