"""Choosing, uploading or asking for the look of a service's emails and letters."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import FormView, TemplateView, View

from branding import colour as colours
from branding import logos
from branding.actions.brands import MIN_VISIBLE_SHARE
from branding.models import EmailBrand
from notify.lib.refusals import ActionRefused, PermissionRefused, Reason
from notify.lib.views import FormActionMixin
from organisations.rules import may_use_government_brand
from services.access import ServiceAccessMixin
from services.actions import branding
from services.actions.brand_drafts import BrandDraft, read_draft, save_draft
from services.forms.branding import AltTextForm, AskForBrandForm, ChooseBrandForm, EmailLogoForm, LetterLogoForm
from services.permissions import MANAGE_SERVICE
from services.queries import brand_choices
from services.queries.brand_choices import Kind

_KIND_WORDS = {"email": "email branding", "letter": "letter branding"}


class BrandingView(ServiceAccessMixin):
    """What the pages of one kind of branding share."""

    needs = MANAGE_SERVICE
    kind: Kind = "email"

    def page(self, name: str, **query: str) -> str:
        address = reverse(f"services:{name}", kwargs={"service_id": self.service.pk})
        return f"{address}?{urlencode(query)}" if query else address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"kind": self.kind, "kind_words": _KIND_WORDS[self.kind]}
        current = self.service.email_brand if self.kind == "email" else self.service.letter_brand
        return super().get_context_data(**kwargs) | words | {"current_brand": current}

    def finish(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return redirect(self.page("settings"))


class BrandFormView(BrandingView, FormActionMixin, FormView):
    """A step with a form."""


class BrandChoose(BrandFormView):
    """The first page: what the service has, and what it may have instead."""

    template_name = "services/branding_choose.html"
    form_class = ChooseBrandForm

    def get_form_kwargs(self) -> dict[str, Any]:
        offered = brand_choices.choices(self.service, self.kind)
        return super().get_form_kwargs() | {"offered": offered, "label": f"Choose new {_KIND_WORDS[self.kind]}"}

    def form_valid(self, form: ChooseBrandForm) -> HttpResponse:
        choice = brand_choices.choice(self.service, self.kind, form.cleaned_data["options"])
        if choice is None:
            raise Http404
        if choice.can_be_applied:
            return redirect(self.page(f"{self.kind}-branding-confirm", choice=choice.key))
        if self.kind == "letter":
            return redirect(self.page("letter-branding-upload"))
        # Only central government is asked which kind of logo it wants; everybody else uploads one.
        asks = may_use_government_brand(self.service.organisation_type)
        return redirect(self.page("email-branding-logo" if asks else "email-branding-upload", choice=choice.key))


class BrandConfirm(BrandingView, TemplateView):
    """A preview of a brand that is there already, and the button that applies it."""

    template_name = "services/branding_confirm.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.key = request.GET.get("choice", "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        choice = brand_choices.choice(self.service, self.kind, self.key)
        if choice is None or not choice.can_be_applied:
            raise Http404
        return super().get_context_data(**kwargs) | {"choice": choice}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            branding.choose_brand(self.service, self.kind, self.key, by=self.person)
        except PermissionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except ActionRefused:
            raise Http404 from None
        return self.finish(f"You have changed your {_KIND_WORDS[self.kind]}")


class BrandAsk(BrandFormView):
    """A wish for the platform's designers."""

    template_name = "services/branding_ask.html"
    form_class = AskForBrandForm

    def act(self, form: AskForBrandForm) -> HttpResponse:
        branding.request_brand(self.service, self.kind, text=form.cleaned_data["text"], by=self.person)
        return self.finish("We have received your request. We will contact you when your branding is ready")


class EmailLogoKind(BrandingView, TemplateView):
    """Central government chooses between a government identity logo, made by the designers, and a logo of its own."""

    template_name = "services/branding_logo_kind.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not may_use_government_brand(self.service.organisation_type):
            raise Http404
        return super().get_context_data(**kwargs) | {"choice_key": self.request.GET.get("choice", "")}


class EmailLogoUpload(BrandFormView):
    """Uploads a logo and chooses its background. Nothing is saved for good yet: the next page shows it in an email."""

    template_name = "services/branding_upload.html"
    form_class = EmailLogoForm

    def act(self, form: EmailLogoForm) -> HttpResponse:
        banner = form.cleaned_data["banner"] == "yes"
        colour = ""
        if banner:
            try:
                colour = colours.normalise(form.cleaned_data["colour"])
            except ValueError as error:
                raise ActionRefused(Reason("colour", str(error), "colour")) from error
        logo = logos.email_logo(form.cleaned_data["logo"])
        if logos.visible_share(logo.png, colour or "#ffffff") < MIN_VISIBLE_SHARE:
            sentence = "The logo cannot be seen on this background. Use another version of it or another background"
            raise ActionRefused(Reason("contrast", sentence, "logo"))
        choice = self.request.GET.get("choice", "")
        draft = save_draft(
            self.service.pk,
            logo.png,
            style=self._style(choice, banner=banner),
            colour=colour,
            is_organisations_own=choice == brand_choices.ORGANISATION,
        )
        return redirect(self.page("email-branding-preview", draft=draft.token()))

    def _style(self, choice: str, *, banner: bool) -> str:
        if banner:
            return EmailBrand.Style.ORG_BANNER
        both = choice == brand_choices.GOVERNMENT_AND_ORGANISATION
        allowed = both and may_use_government_brand(self.service.organisation_type)
        return EmailBrand.Style.BOTH if allowed else EmailBrand.Style.ORG


class EmailBrandPreview(BrandFormView):
    """A real email with the uploaded logo; describing the logo saves and applies the brand."""

    template_name = "services/branding_preview.html"
    form_class = AltTextForm

    @property
    def draft(self) -> BrandDraft:
        draft = read_draft(self.request.GET.get("draft", ""), self.service.pk)
        if draft is None:
            raise Http404
        return draft

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = self.draft
        share = logos.visible_share(draft.logo(), draft.colour or "#ffffff")
        return super().get_context_data(**kwargs) | {"draft_token": draft.token(), "hard_to_see": share < 0.5}

    def act(self, form: AltTextForm) -> HttpResponse:
        draft = self.draft
        branding.upload_email_brand(
            self.service,
            logo=draft.logo(),
            alt_text=form.cleaned_data["alt_text"],
            style=draft.style,
            colour=draft.colour,
            is_organisations_own=draft.is_organisations_own,
            by=self.person,
        )
        draft.discard()
        return self.finish("You have changed your email branding")


class EmailDraftLogo(BrandingView, View):
    """The picture of a draft, for its preview."""

    def get(self, request: HttpRequest) -> HttpResponse:
        draft = read_draft(request.GET.get("draft", ""), self.service.pk)
        if draft is None:
            raise Http404
        return HttpResponse(draft.logo(), content_type="image/png", headers={"X-Content-Type-Options": "nosniff"})


class LetterLogoUpload(BrandFormView):
    kind = "letter"
    template_name = "services/branding_upload.html"
    form_class = LetterLogoForm

    def act(self, form: LetterLogoForm) -> HttpResponse:
        data = form.cleaned_data
        branding.upload_letter_brand(self.service, name=data["name"], logo=data["logo"], by=self.person)
        return self.finish("You have changed your letter branding")
