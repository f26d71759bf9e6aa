"""Name, contact details, billing and four eyes on templates."""

from typing import Any

from django.db import transaction

from notify.lib.views import ActionFormView
from services.actions import settings
from services.forms.adding import ServiceNameForm
from services.forms.settings import BillingForm, ContactLinkForm
from services.views.settings.base import FieldSwitchView, OneTextView, SettingsMixin


class NameView(SettingsMixin, ActionFormView):
    form_class = ServiceNameForm
    page_title = "Change your service name"
    done_message = "Your service has a new name"

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.service.name}

    def act(self, form: ServiceNameForm) -> None:
        settings.rename(self.service, name=form.cleaned_data["name"], by=self.person)


class ContactLinkView(OneTextView):
    form_class = ContactLinkForm
    page_title = "Contact link"
    label = "Web address, email address or phone number"
    hint = "Recipients see it on the pages where they download your files"

    def get_initial(self) -> dict[str, Any]:
        return {"value": self.service.contact_link, "in_emails": self.service.contact_link_in_emails}

    @transaction.atomic
    def act(self, form: ContactLinkForm) -> None:
        data, by = form.cleaned_data, self.person
        settings.set_contact_link(self.service, link=data["value"], by=by)
        settings.set_contact_link_in_emails(self.service, on=data["in_emails"], by=by)


class BillingView(SettingsMixin, ActionFormView):
    form_class = BillingForm
    page_title = "Billing details"
    intro = "Where to send the bill when your service uses more than its free allowance."

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.service, name) for name in BillingForm.base_fields}

    def act(self, form: BillingForm) -> None:
        settings.set_billing(self.service, by=self.person, **form.cleaned_data)


class TemplatesNeedApprovalView(FieldSwitchView):
    page_title = "A second person publishes templates"
    field = "templates_need_approval"
    action = staticmethod(settings.set_templates_need_approval)
