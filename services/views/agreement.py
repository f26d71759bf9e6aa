"""Reading and accepting the data processing agreement, and naming the organisation that has to."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from notify.lib.views import ActionFormView
from organisations import agreement
from organisations.enums import OrganisationType
from services.access import ServiceAccessMixin
from services.actions.agreement import add_surgery, choose_trust, sign_agreement
from services.forms.agreement import AcceptForm, SurgeryForm, TrustForm
from services.permissions import MANAGE_SERVICE


class AgreementMixin(ServiceAccessMixin):
    needs = MANAGE_SERVICE
    nav_current = "go-live"

    def get_back_href(self) -> str:
        return reverse("services:go-live", kwargs={"service_id": self.service.pk})

    def get_success_url(self) -> str:
        return reverse("services:agreement", kwargs={"service_id": self.service.pk})


class AgreementView(AgreementMixin, TemplateView):
    """`/services/<id>/agreement`: the text, who accepted it, or the way to the organisation that has to."""

    template_name = "services/agreement.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.service.organisation is None:
            ways: dict[str, str] = {OrganisationType.NHS_GP: "agreement-surgery", OrganisationType.NHS_LOCAL: "agreement-trust"}
            if name := ways.get(self.service.organisation_type):
                return redirect(f"services:{name}", service_id=self.service.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation = self.service.organisation
        asked = {"crown": True, "non-crown": False}.get(self.request.GET.get("version", ""))
        text = agreement.text_template(organisation, crown=asked) if organisation else None
        return super().get_context_data(
            page_title="Data processing agreement",
            organisation=organisation,
            agreement_text=text,
            agreement=agreement.CURRENT,
            back_href=self.get_back_href(),
            **kwargs,
        )


class AgreementAcceptView(AgreementMixin, ActionFormView):
    """`/services/<id>/agreement/accept`."""

    form_class = AcceptForm
    page_title = "Accept the agreement"
    button = "Accept this agreement"
    done_message = "You have accepted the agreement. We sent a receipt to everybody named in it"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.service.organisation is None:
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"version": agreement.CURRENT.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.intro = (
            f"You confirm that you have read version {agreement.CURRENT.number} of the agreement, and that you may accept it "
            f"for {self.service.organisation}."
        )
        return super().get_context_data(**kwargs)

    def act(self, form: AcceptForm) -> None:
        data = form.cleaned_data
        if self.service.organisation is None:
            raise PermissionDenied
        sign_agreement(
            self.service,
            version=data["version"],
            on_behalf_of_name=data["on_behalf_of_name"],
            on_behalf_of_email=data["on_behalf_of_email"],
            by=self.person,
        )


class SurgeryView(AgreementMixin, ActionFormView):
    """A GP surgery says what it is called."""

    form_class = SurgeryForm
    page_title = "Tell us which surgery this is"
    button = "Continue"

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.service.name}

    def act(self, form: SurgeryForm) -> None:
        add_surgery(self.service, name=form.cleaned_data["name"], by=self.person)


class TrustView(AgreementMixin, ActionFormView):
    """A service of the local NHS says whose it is."""

    form_class = TrustForm
    page_title = "Choose your organisation"
    button = "Continue"

    def act(self, form: TrustForm) -> None:
        choose_trust(self.service, organisation=form.cleaned_data["organisation"], by=self.person)
