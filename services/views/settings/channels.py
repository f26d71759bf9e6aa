"""What a service may send, and as whom: switches, sender name, prefix, received texts."""

from typing import Any

from django.forms import Form
from django.urls import reverse

from notify.lib.views import ActionFormView, ConfirmView
from services.actions import settings
from services.enums import Channel, ServicePermission
from services.forms.settings import NumberForm, TextForm
from services.models import SmsSender
from services.rules import (
    INTERNATIONAL_SMS,
    daily_limit,
)
from services.views.settings.base import FieldSwitchView, OneTextView, SettingsMixin


class InternationalLimitView(SettingsMixin, ActionFormView):
    form_class = NumberForm
    page_title = "International text message limit"

    def get_form_kwargs(self) -> dict[str, Any]:
        hint = (
            f"Up to your limit of text messages, {daily_limit(self.service, Channel.SMS):,}. Leave it empty for the usual limit"
        )
        return super().get_form_kwargs() | {"label": "Texts to other countries a day", "hint": hint}

    def get_initial(self) -> dict[str, Any]:
        return {"value": daily_limit(self.service, INTERNATIONAL_SMS)}

    def act(self, form: NumberForm) -> None:
        settings.set_international_limit(self.service, limit=form.cleaned_data["value"], by=self.person)


class ReceiveTextsView(SettingsMixin, ConfirmView):
    """`/services/<id>/service-settings/receive-text-messages`: what it means, and the number once there is one."""

    page_title = "Receive text messages"
    template_name = "services/receive_texts.html"
    button = "Start receiving text messages"
    button_kind = ""
    done_message = "Your service can receive text messages"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        numbers = SmsSender.objects.active().filter(service=self.service, is_inbound_number=True)
        is_on = self.service.has_permission(ServicePermission.INBOUND_SMS)
        return super().get_context_data(numbers=numbers, is_on=is_on, **kwargs)

    def get_success_url(self) -> str:
        return reverse("services:receive-texts", kwargs={"service_id": self.service.pk})

    def act(self, form: Form) -> None:
        settings.start_receiving(self.service, by=self.person)


class EmailSenderNameView(OneTextView):
    page_title = "Sender name and email address"
    label = "Sender name"
    hint = "Leave it empty to use your service name. The address before the @ follows from it"

    def get_initial(self) -> dict[str, Any]:
        return {"value": self.service.email_sender_name}

    def act(self, form: TextForm) -> None:
        settings.set_email_sender_name(self.service, name=form.cleaned_data["value"], by=self.person)


class SmsPrefixView(FieldSwitchView):
    page_title = "Start text messages with your service name"
    field = "prefix_sms"
    action = staticmethod(settings.set_sms_prefix)
