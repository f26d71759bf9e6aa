"""Text senders, reply-to addresses and letter contacts."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView, View

from audit.record import SYSTEM
from notify.lib.refusals import ActionRefused
from notify.lib.views import ActionFormView, ConfirmView
from services.actions import reply_to_verification, senders
from services.forms.settings import (
    SenderForm,
)
from services.models import EmailReplyTo, LetterContact, SmsSender
from services.permissions import MANAGE_API_KEYS, MANAGE_SERVICE
from services.views.settings.base import SettingsMixin


@dataclass(frozen=True)
class SenderKind:
    """What the three pages of senders share and where they differ."""

    model: Any
    slug: str
    title: str
    one: str
    value: str
    add: Any
    change: Any
    hint: str = ""
    multiline: bool = False


SENDERS = {
    kind.slug: kind
    for kind in (
        SenderKind(
            EmailReplyTo,
            "reply-to",
            "Reply-to email addresses",
            "reply-to email address",
            "email_address",
            senders.add_reply_to,
            senders.change_reply_to,
            "This should be a shared inbox that your team reads",
        ),
        SenderKind(
            SmsSender,
            "sms-sender",
            "Text message senders",
            "text message sender",
            "name",
            senders.add_sms_sender,
            senders.change_sms_sender,
            "3 to 11 letters, numbers, spaces and & . - _ '",
        ),
        SenderKind(
            LetterContact,
            "letter-contact",
            "Sender addresses",
            "sender address",
            "block",
            senders.add_letter_contact,
            senders.change_letter_contact,
            "Up to 10 lines",
            True,
        ),
    )
}


class SenderMixin(SettingsMixin):
    """`kind` in `as_view` says which of the three."""

    kind = ""

    @property
    def sender_kind(self) -> SenderKind:
        return SENDERS[self.kind]

    def list_url(self) -> str:
        return reverse(f"services:{self.kind}-list", kwargs={"service_id": self.service.pk})

    def get_sender(self) -> Any:
        query = self.sender_kind.model.objects.select_related("service").active()
        return get_object_or_404(query, pk=self.kwargs["sender_id"], service=self.service)


class SenderListView(SenderMixin, TemplateView):
    """People who manage the API integration look at the ids here; those who manage the service change them."""

    template_name = "services/sender_list.html"
    needs = None

    def may_open(self) -> bool:
        return bool(self.held & {MANAGE_SERVICE, MANAGE_API_KEYS})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.sender_kind.model.objects.active().filter(service=self.service)
        may = self.may(MANAGE_SERVICE)
        listed = [
            {"sender": each, "href": reverse(f"services:{self.kind}-edit", kwargs=self._key(each)) if may else ""}
            for each in found.order_by("-is_default", "id")
        ]
        return super().get_context_data(
            page_title=self.sender_kind.title,
            one=self.sender_kind.one,
            senders=listed,
            may_change=may,
            waiting=[line for line in listed if getattr(line["sender"], "is_waiting", False)],
            add_href=reverse(f"services:{self.kind}-add", kwargs={"service_id": self.service.pk}),
            back_href=self.get_back_href(),
            **kwargs,
        )

    def _key(self, sender: Any) -> dict[str, Any]:
        return {"service_id": self.service.pk, "sender_id": sender.pk}


class ReplyToResendView(SenderMixin, View):
    """Sends the email that confirms an address again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reply_to = self.get_sender()
        try:
            senders.resend_verification(reply_to, by=self.person)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"We sent another email to {reply_to}")
        return redirect(self.list_url())


class ConfirmReplyToView(View):
    """`/confirm-reply-to/<token>`: where the link in the email leads. Looking changes nothing; the button confirms."""

    access = "public"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = reply_to_verification.read(self.kwargs["token"])
        if found is None:
            return self.show(request)
        reply_to, make_default, replaces = found
        try:
            senders.confirm_reply_to(reply_to, make_default=make_default, replaces=replaces, by=SYSTEM)
        except ActionRefused as refusal:
            return self.show(request, refusal=refusal, status=409)
        return self.show(request)

    def show(self, request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
        found = reply_to_verification.read(self.kwargs["token"])
        reply_to = found[0] if found else None
        context |= {"reply_to": reply_to, "page_title": "Confirm a reply-to address"}
        return render(request, "services/confirm_reply_to.html", context, status=status if found else 404)


class SenderAddView(SenderMixin, ActionFormView):
    form_class = SenderForm

    def get_page_title(self) -> str:
        return f"Add a {self.sender_kind.one}"

    def get_form_kwargs(self) -> dict[str, Any]:
        kind = self.sender_kind
        return super().get_form_kwargs() | {
            "label": kind.one.capitalize(),
            "hint": kind.hint,
            "multiline": kind.multiline,
        }

    def get_back_href(self) -> str:
        return self.list_url()

    get_success_url = get_back_href

    def act(self, form: SenderForm) -> None:
        data = form.cleaned_data
        sender = self.sender_kind.add(
            self.service, **{self.sender_kind.value: data["value"]}, is_default=data["is_default"], by=self.person
        )
        self.say(sender)

    def say(self, sender: Any) -> None:
        """Tell the person when an address waits for the answer to an email."""
        if getattr(sender, "is_waiting", False):
            text = f"We have sent an email to {sender}. Open the link in it to confirm the address"
            messages.success(self.request, text)


class SenderEditView(SenderAddView):
    template_name = "services/sender_form.html"

    def get_page_title(self) -> str:
        return f"Change this {self.sender_kind.one}"

    def get_initial(self) -> dict[str, Any]:
        sender = self.get_sender()
        return {"value": getattr(sender, self.sender_kind.value), "is_default": sender.is_default}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = {"service_id": self.service.pk, "sender_id": self.kwargs["sender_id"]}
        return super().get_context_data(remove_href=reverse(f"services:{self.kind}-remove", kwargs=key), **kwargs)

    def act(self, form: SenderForm) -> None:
        data = form.cleaned_data
        changed = self.sender_kind.change(
            self.get_sender(),
            **{self.sender_kind.value: data["value"]},
            is_default=data["is_default"],
            by=self.person,
        )
        self.say(changed)


class SenderRemoveView(SenderMixin, ConfirmView):
    button = "Remove"

    def get_page_title(self) -> str:
        return f"Are you sure you want to remove ‘{self.get_sender()}’?"

    def get_back_href(self) -> str:
        return self.list_url()

    get_success_url = get_back_href

    def act(self, form: Form) -> None:
        senders.remove_sender(self.get_sender(), by=self.person)
