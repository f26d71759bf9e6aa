"""The settings page and the page behind each of its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings as platform_settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView, View

from accounts import staff
from audit.record import SYSTEM
from notify.lib import clock
from notify.lib.refusals import ActionRefused
from notify.lib.views import ActionFormView, ConfirmView
from services import api_links, usage, verification
from services.access import VIEW, ServiceAccessMixin
from services.actions import senders, settings
from services.enums import Channel, ServicePermission
from services.forms.pages import (
    BillingForm,
    ContactLinkForm,
    GuestListForm,
    NumberForm,
    OnOffForm,
    RetentionForm,
    SenderForm,
    ServiceNameForm,
    TextForm,
)
from services.models import EmailReplyTo, GuestListEntry, LetterContact, Service, SmsSender
from services.permissions import MANAGE_API_KEYS, MANAGE_SERVICE
from services.rules import (
    INTERNATIONAL_SMS,
    LIMITED_CHANNELS,
    daily_limit,
    email_sender,
    free_sms_fragments,
    retention_days,
)

LIMIT_LABELS = {
    "email": "Emails",
    "sms": "Text messages",
    "letter": "Letters",
    "international_sms": "Text messages to other countries",
}


class SettingsMixin(ServiceAccessMixin):
    needs = MANAGE_SERVICE
    nav_current = "settings"

    def get_back_href(self) -> str:
        return reverse("services:settings", kwargs={"service_id": self.service.pk})

    get_success_url = get_back_href


class SettingsView(ServiceAccessMixin, TemplateView):
    """`/services/<id>/service-settings`: every row. People with the API integration alone may look."""

    nav_current = "settings"
    template_name = "services/settings.html"

    def may_open(self) -> bool:
        return bool(self.held & {MANAGE_SERVICE, MANAGE_API_KEYS}) or staff.may(self.request.user, VIEW)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_change = self.may(MANAGE_SERVICE)
        return super().get_context_data(
            page_title="Settings",
            groups=[(title, rows(self.service, may_change)) for title, rows in GROUPS],
            may_change=may_change,
            **kwargs,
        )


def _row(service: Service, may_change: bool, key: str, value: str, url_name: str, **kwargs: Any) -> dict[str, Any]:
    may_open = may_change or (url_name.endswith("-list") and url_name != "retention-list")
    href = reverse(f"services:{url_name}", kwargs={"service_id": service.pk, **kwargs}) if may_open and url_name else ""
    return {"action": "Change" if may_change else "See", "key": key, "value": value or "Not set", "href": href}


def _default(model: Any, service: Service) -> str:
    found = model.objects.filter(service=service, archived_at__isnull=True).order_by("-is_default")
    names = [str(each) for each in found[:3]]
    more = found.count() - len(names)
    return "\n".join([*names, f"and {more} more"] if more > 0 else names)


def _general(service: Service, may: bool) -> list[dict[str, Any]]:
    return [
        _row(service, may, "Service name", service.name, "service-name"),
        _row(service, may, "Contact link", _contact(service), "contact-link"),
        _switch(service, may, ServicePermission.EMAIL_AUTH),
        _switch(service, may, ServicePermission.EDIT_FOLDER_PERMISSIONS),
        _row(
            service,
            may,
            "A second person publishes templates",
            "On" if service.templates_need_approval else "Off",
            "templates-need-approval",
        ),
        _row(service, True, "Message limits", "What you can send each day, and what is left today", "limits")
        | {"action": "See"},
        _row(service, may, "Data retention", _retention(service), "retention-list"),
        # The page belongs to an app to the right, so only its name is known here.
        {
            "action": "See",
            "key": "People you do not contact",
            "value": "Recipients who unsubscribed, or whom you must not write to",
            "href": reverse("messaging:suppression-list", kwargs={"service_id": service.pk}),
        },
        _row(service, may, "Billing details", _billing(service), "billing"),
        _row(service, False, "Organisation", str(service.organisation or ""), ""),
        _row(service, False, "API requests a minute", f"{service.rate_limit_per_minute:,}", ""),
    ]


def _contact(service: Service) -> str:
    where = "in emails and on download pages" if service.contact_link_in_emails else "on download pages"
    return f"{service.contact_link}\nShown {where}" if service.contact_link else ""


def _billing(service: Service) -> str:
    values = [service.billing_contact_names, service.billing_contact_emails, service.billing_reference]
    return "\n".join(value for value in [*values, service.purchase_order_number] if value)


def _retention(service: Service) -> str:
    days = {channel: retention_days(service, channel) for channel in Channel.values}
    if len(set(days.values())) == 1:
        return f"{days[Channel.EMAIL]} days"
    return "\n".join(f"{Channel(channel).label}: {number} days" for channel, number in days.items())


def _switch(service: Service, may: bool, permission: ServicePermission) -> dict[str, Any]:
    on = "On" if service.has_permission(permission) else "Off"
    return _row(service, may, permission.label, on, "permission", permission=permission.value)


def _email(service: Service, may: bool) -> list[dict[str, Any]]:
    rows = [_switch(service, may, ServicePermission.EMAIL)]
    if service.has_permission(Channel.EMAIL):
        rows += [
            _row(service, may, "Sender name and address", email_sender(service), "email-sender-name"),
            _row(service, may, "Reply-to addresses", _default(EmailReplyTo, service), "reply-to-list"),
            _row(service, may, "Email branding", _email_brand(service), "email-branding"),
            _switch(service, may, ServicePermission.SEND_FILES_VIA_UI),
        ]
    return rows


def _email_brand(service: Service) -> str:
    return str(service.email_brand or f"{platform_settings.PLATFORM_NAME}’s own look")


def _sms(service: Service, may: bool) -> list[dict[str, Any]]:
    rows = [_switch(service, may, ServicePermission.SMS)]
    if service.has_permission(Channel.SMS):
        prefix = "On" if service.prefix_sms else "Off"
        rows += [
            _row(service, may, "Text message senders", _default(SmsSender, service), "sms-sender-list"),
            _row(service, may, "Start text messages with service name", prefix, "sms-prefix"),
            _switch(service, may, ServicePermission.INTERNATIONAL_SMS),
        ]
        if service.has_permission(ServicePermission.INTERNATIONAL_SMS):
            limit = f"{daily_limit(service, INTERNATIONAL_SMS):,} a day"
            rows.append(_row(service, may, "International text message limit", limit, "international-limit"))
        on = service.has_permission(ServicePermission.INBOUND_SMS)
        landlines = "On" if service.has_permission(ServicePermission.SMS_TO_UK_LANDLINES) else "Off"
        free = f"{free_sms_fragments(service, clock.financial_year(clock.local_day())):,} parts this financial year"
        rows += [
            _row(service, may, ServicePermission.INBOUND_SMS.label, "On" if on else "Off", "receive-texts"),
            # Only staff switch this one.
            _row(service, False, ServicePermission.SMS_TO_UK_LANDLINES.label, landlines, ""),
            _row(service, False, "Free text messages", free, ""),
        ]
    return rows


def _letter(service: Service, may: bool) -> list[dict[str, Any]]:
    rows = [_switch(service, may, ServicePermission.LETTER)]
    if service.has_permission(Channel.LETTER):
        rows += [
            _switch(service, may, ServicePermission.INTERNATIONAL_LETTERS),
            _row(service, may, "Sender addresses", _default(LetterContact, service), "letter-contact-list"),
            _row(service, may, "Letter branding", str(service.letter_brand or "No logo"), "letter-branding"),
        ]
    return rows


GROUPS: list[tuple[str, Callable[[Service, bool], list[dict[str, Any]]]]] = [
    ("General", _general),
    ("Email", _email),
    ("Text messages", _sms),
    ("Letters", _letter),
]


class NameView(SettingsMixin, ActionFormView):
    form_class = ServiceNameForm
    page_title = "Change your service name"
    done_message = "Your service has a new name"

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.service.name}

    def act(self, form: ServiceNameForm) -> None:
        settings.rename(self.service, name=form.cleaned_data["name"], by=self.request.user)


class OneTextView(SettingsMixin, ActionFormView):
    """A row that is one text."""

    form_class = TextForm
    label = ""
    hint = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"label": self.label, "hint": self.hint}


class ContactLinkView(OneTextView):
    form_class = ContactLinkForm
    page_title = "Contact link"
    label = "Web address, email address or phone number"
    hint = "Recipients see it on the pages where they download your files"

    def get_initial(self) -> dict[str, Any]:
        return {"value": self.service.contact_link, "in_emails": self.service.contact_link_in_emails}

    @transaction.atomic
    def act(self, form: ContactLinkForm) -> None:
        data, by = form.cleaned_data, self.request.user
        settings.set_contact_link(self.service, link=data["value"], by=by)
        settings.set_contact_link_in_emails(self.service, on=data["in_emails"], by=by)


class BillingView(SettingsMixin, ActionFormView):
    form_class = BillingForm
    page_title = "Billing details"
    intro = "Where to send the bill when your service uses more than its free allowance."

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.service, name) for name in BillingForm.base_fields}

    def act(self, form: BillingForm) -> None:
        settings.set_billing(self.service, by=self.request.user, **form.cleaned_data)


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
        settings.set_international_limit(self.service, limit=form.cleaned_data["value"], by=self.request.user)


class ReceiveTextsView(SettingsMixin, ConfirmView):
    """`/services/<id>/service-settings/receive-text-messages`: what it means, and the number once there is one."""

    page_title = "Receive text messages"
    template_name = "services/receive_texts.html"
    button = "Start receiving text messages"
    button_kind = ""
    done_message = "Your service can receive text messages"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        numbers = SmsSender.objects.filter(service=self.service, archived_at__isnull=True, is_inbound_number=True)
        is_on = self.service.has_permission(ServicePermission.INBOUND_SMS)
        return super().get_context_data(numbers=numbers, is_on=is_on, **kwargs)

    def get_success_url(self) -> str:
        return reverse("services:receive-texts", kwargs={"service_id": self.service.pk})

    def act(self, form: Any) -> None:
        settings.start_receiving(self.service, by=self.request.user)


class EmailSenderNameView(OneTextView):
    page_title = "Sender name and email address"
    label = "Sender name"
    hint = "Leave it empty to use your service name. The address before the @ follows from it"

    def get_initial(self) -> dict[str, Any]:
        return {"value": self.service.email_sender_name}

    def act(self, form: TextForm) -> None:
        settings.set_email_sender_name(self.service, name=form.cleaned_data["value"], by=self.request.user)


_ABOUT: dict[str, str] = {
    ServicePermission.EMAIL_AUTH: (
        "You then choose for each team member whether they sign in with a text message code or with a link in an email. "
        "When you switch it off, everybody goes back to text message codes."
    ),
    ServicePermission.EDIT_FOLDER_PERMISSIONS: "You then choose for each team member which template folders they can open.",
    ServicePermission.INTERNATIONAL_SMS: "A text to another country counts as 1 to 4 texts, depending on the country.",
    ServicePermission.INTERNATIONAL_LETTERS: "Postage to other countries costs more.",
    ServicePermission.SEND_FILES_VIA_UI: "Your team can then attach files to emails, and upload letters as PDF.",
}


class SwitchView(SettingsMixin, ActionFormView):
    """A channel or an advanced permission, on or off."""

    form_class = OnOffForm

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs["permission"] not in settings.TEAM_MAY_SWITCH:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(ServicePermission(self.kwargs["permission"]).label)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"label": self.get_page_title()}

    def get_initial(self) -> dict[str, Any]:
        return {"on": "yes" if self.service.has_permission(self.kwargs["permission"]) else "no"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        permission = self.kwargs["permission"]
        is_on = self.service.has_permission(permission)
        tasks = settings.set_up_tasks(self.service, permission, on=not is_on)
        self.intro = " ".join([_ABOUT.get(permission, ""), *[f"{task}." for task in tasks]]).strip()
        return super().get_context_data(**kwargs)

    def act(self, form: OnOffForm) -> None:
        permission, on = self.kwargs["permission"], form.cleaned_data["on"]
        settings.set_permission(self.service, permission=permission, on=on, by=self.request.user)


class FieldSwitchView(SettingsMixin, ActionFormView):
    """A yes-or-no field of the service."""

    form_class = OnOffForm
    field = ""
    action: Any = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"label": self.page_title}

    def get_initial(self) -> dict[str, Any]:
        return {"on": "yes" if getattr(self.service, self.field) else "no"}

    def act(self, form: OnOffForm) -> None:
        type(self).action(self.service, on=form.cleaned_data["on"], by=self.request.user)


class SmsPrefixView(FieldSwitchView):
    page_title = "Start text messages with your service name"
    field = "prefix_sms"
    action = staticmethod(settings.set_sms_prefix)


class TemplatesNeedApprovalView(FieldSwitchView):
    page_title = "A second person publishes templates"
    field = "templates_need_approval"
    action = staticmethod(settings.set_templates_need_approval)


class RetentionListView(SettingsMixin, TemplateView):
    template_name = "services/retention_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            _row(self.service, True, Channel(c).label, f"{retention_days(self.service, c)} days", "retention", channel=c)
            for c in Channel.values
        ]
        return super().get_context_data(page_title="Data retention", rows=rows, **kwargs)


class RetentionView(SettingsMixin, ActionFormView):
    form_class = RetentionForm

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs["channel"] not in Channel.values:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return f"How long messages are kept: {Channel(self.kwargs['channel']).label.lower()}"

    def get_initial(self) -> dict[str, Any]:
        return {"days": retention_days(self.service, self.kwargs["channel"])}

    def act(self, form: RetentionForm) -> None:
        channel, days = self.kwargs["channel"], form.cleaned_data["days"]
        settings.set_retention(self.service, channel=channel, days=days, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("services:retention-list", kwargs={"service_id": self.service.pk})


class LimitsView(SettingsMixin, TemplateView):
    """What may be sent each day, what is left today, and when it starts again."""

    template_name = "services/limits.html"
    needs = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        limits = []
        for channel in LIMITED_CHANNELS:
            limit, used = daily_limit(self.service, channel), usage.used_today(self.service, channel)
            limits.append({"label": LIMIT_LABELS[channel], "limit": limit, "used": used, "left": max(limit - used, 0)})
        return super().get_context_data(
            page_title="Message limits",
            limits=limits,
            resets_at=clock.start_of_next_utc_day(),
            **kwargs,
        )


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
        query = self.sender_kind.model.objects.select_related("service").filter(archived_at__isnull=True)
        return get_object_or_404(query, pk=self.kwargs["sender_id"], service=self.service)  # type: ignore[attr-defined]


class SenderListView(SenderMixin, TemplateView):
    """People who manage the API integration look at the ids here; those who manage the service change them."""

    template_name = "services/sender_list.html"
    needs = None

    def may_open(self) -> bool:
        return bool(self.held & {MANAGE_SERVICE, MANAGE_API_KEYS})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.sender_kind.model.objects.filter(service=self.service, archived_at__isnull=True)
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
            senders.resend_verification(reply_to, by=request.user)
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
        found = verification.read(self.kwargs["token"])
        if found is None:
            return self.show(request)
        reply_to, make_default, replaces = found
        try:
            senders.confirm_reply_to(reply_to, make_default=make_default, replaces=replaces, by=SYSTEM)
        except ActionRefused as refusal:
            return self.show(request, refusal=refusal, status=409)
        return self.show(request)

    def show(self, request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
        found = verification.read(self.kwargs["token"])
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
            self.service, **{self.sender_kind.value: data["value"]}, is_default=data["is_default"], by=self.request.user
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
            by=self.request.user,
        )
        self.say(changed)


class SenderRemoveView(SenderMixin, ConfirmView):
    button = "Remove"

    def get_page_title(self) -> str:
        return f"Are you sure you want to remove ‘{self.get_sender()}’?"

    def get_back_href(self) -> str:
        return self.list_url()

    get_success_url = get_back_href

    def act(self, form: Any) -> None:
        senders.remove_sender(self.get_sender(), by=self.request.user)


class GuestListView(ServiceAccessMixin, ActionFormView):
    """`/services/<id>/api/guest-list`: who a team key may write to besides the team."""

    needs = MANAGE_API_KEYS
    nav_current = "api"
    form_class = GuestListForm
    page_title = "Guest list"
    intro = "Team keys can send to your team and to these people."
    done_message = "The guest list was saved"

    def get_back_href(self) -> str:
        return reverse("services:api", kwargs={"service_id": self.service.pk})

    get_success_url = get_back_href

    def get_initial(self) -> dict[str, Any]:
        initial = {}
        for kind in GuestListEntry.Kind.values:
            entries = GuestListEntry.objects.filter(service=self.service, kind=kind).order_by("pk")
            initial |= {f"{kind}_{n}": entry.recipient for n, entry in enumerate(entries, start=1)}
        return initial

    def act(self, form: GuestListForm) -> None:
        senders.set_guest_list(self.service, emails=form.entries("email"), phones=form.entries("phone"), by=self.request.user)


class ApiView(ServiceAccessMixin, TemplateView):
    """`/services/<id>/api`: keys, guest list, callbacks."""

    needs = MANAGE_API_KEYS
    template_name = "services/api.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        links = [(each, reverse(each.url_name, kwargs={"service_id": self.service.pk})) for each in api_links.links()]
        return super().get_context_data(page_title="API integration", links=links, nav_current="api", **kwargs)
