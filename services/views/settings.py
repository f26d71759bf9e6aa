"""The settings page and the page behind each of its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from notify.lib import clock
from notify.lib.views import ActionFormView, ConfirmView
from services import usage
from services.access import ServiceAccessMixin
from services.actions import senders, settings
from services.enums import Channel, ServicePermission
from services.forms.pages import GuestListForm, OnOffForm, RetentionForm, SenderForm, ServiceNameForm, TextForm
from services.models import EmailReplyTo, GuestListEntry, LetterContact, Service, SmsSender
from services.permissions import MANAGE_API_KEYS, MANAGE_SERVICE
from services.rules import LIMITED_CHANNELS, daily_limit, email_sender, retention_days

LIMIT_LABELS = {
    "email": "Emails",
    "sms": "Text messages",
    "letter": "Letters",
    "international_sms": "Text messages to other countries",
}


class SettingsMixin(ServiceAccessMixin):
    needs = MANAGE_SERVICE

    def get_back_href(self) -> str:
        return reverse("services:settings", kwargs={"service_id": self.service.pk})

    get_success_url = get_back_href


class SettingsView(ServiceAccessMixin, TemplateView):
    """`/services/<id>/service-settings`: every row that the team can change or see."""

    template_name = "services/settings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_change = self.may(MANAGE_SERVICE)
        return super().get_context_data(
            page_title="Settings",
            groups=[(title, rows(self.service, may_change)) for title, rows in GROUPS],
            may_change=may_change,
            nav_current="settings",
            **kwargs,
        )


def _row(service: Service, may_change: bool, key: str, value: str, url_name: str, **kwargs: Any) -> dict[str, Any]:
    href = reverse(f"services:{url_name}", kwargs={"service_id": service.pk, **kwargs}) if may_change else ""
    return {"key": key, "value": value or "Not set", "href": href}


def _default(model: Any, service: Service) -> str:
    found = model.objects.filter(service=service, archived_at__isnull=True).order_by("-is_default")
    names = [str(each) for each in found[:3]]
    more = found.count() - len(names)
    return "\n".join([*names, f"and {more} more"] if more > 0 else names)


def _general(service: Service, may: bool) -> list[dict[str, Any]]:
    return [
        _row(service, may, "Service name", service.name, "service-name"),
        _row(service, may, "Contact link", service.contact_link, "contact-link"),
        _switch(service, may, ServicePermission.EMAIL_AUTH),
        _switch(service, may, ServicePermission.EDIT_FOLDER_PERMISSIONS),
        _row(
            service,
            may,
            "A second person publishes templates",
            "On" if service.templates_need_approval else "Off",
            "templates-need-approval",
        ),
        _row(service, may, "Message limits", "What you can send each day, and what is left today", "limits"),
        _row(service, may, "Data retention", _retention(service), "retention-list"),
    ]


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
            _row(service, may, "Email branding", str(service.email_brand or "Government default"), "email-branding"),
            _switch(service, may, ServicePermission.SEND_FILES_VIA_UI),
        ]
    return rows


def _sms(service: Service, may: bool) -> list[dict[str, Any]]:
    rows = [_switch(service, may, ServicePermission.SMS)]
    if service.has_permission(Channel.SMS):
        prefix = "On" if service.prefix_sms else "Off"
        rows += [
            _row(service, may, "Text message senders", _default(SmsSender, service), "sms-sender-list"),
            _row(service, may, "Start text messages with service name", prefix, "sms-prefix"),
            _switch(service, may, ServicePermission.INTERNATIONAL_SMS),
            _switch(service, may, ServicePermission.INBOUND_SMS),
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
    page_title = "Contact link"
    label = "Web address, email address or phone number"
    hint = "Recipients see it at the end of your emails and on the pages where they download files"

    def get_initial(self) -> dict[str, Any]:
        return {"value": self.service.contact_link}

    def act(self, form: TextForm) -> None:
        settings.set_contact_link(self.service, link=form.cleaned_data["value"], by=self.request.user)


class EmailSenderNameView(OneTextView):
    page_title = "Sender name and email address"
    label = "Sender name"
    hint = "Leave it empty to use your service name. The address before the @ follows from it"

    def get_initial(self) -> dict[str, Any]:
        return {"value": self.service.email_sender_name}

    def act(self, form: TextForm) -> None:
        settings.set_email_sender_name(self.service, name=form.cleaned_data["value"], by=self.request.user)


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
        return super().get_context_data(page_title="Data retention", rows=rows, nav_current="settings", **kwargs)


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
            nav_current="settings",
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
    template_name = "services/sender_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.sender_kind.model.objects.filter(service=self.service, archived_at__isnull=True)
        listed = [
            {"sender": each, "href": reverse(f"services:{self.kind}-edit", kwargs=self._key(each))}
            for each in found.order_by("-is_default", "id")
        ]
        return super().get_context_data(
            page_title=self.sender_kind.title,
            one=self.sender_kind.one,
            senders=listed,
            add_href=reverse(f"services:{self.kind}-add", kwargs={"service_id": self.service.pk}),
            back_href=self.get_back_href(),
            nav_current="settings",
            **kwargs,
        )

    def _key(self, sender: Any) -> dict[str, Any]:
        return {"service_id": self.service.pk, "sender_id": sender.pk}


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
        self.sender_kind.add(
            self.service, **{self.sender_kind.value: data["value"]}, is_default=data["is_default"], by=self.request.user
        )


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
        self.sender_kind.change(
            self.get_sender(),
            **{self.sender_kind.value: data["value"]},
            is_default=data["is_default"],
            by=self.request.user,
        )


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
    form_class = GuestListForm
    page_title = "Guest list"
    intro = "Team keys, and live keys while you are in trial mode, can send to your team and to these people."
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
        senders.set_guest_list(
            self.service, emails=form.entries("email"), phones=form.entries("phone"), by=self.request.user
        )


class ApiView(ServiceAccessMixin, TemplateView):
    """`/services/<id>/api`: keys, guest list, callbacks."""

    needs = MANAGE_API_KEYS
    template_name = "services/api.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title="API integration", nav_current="api", **kwargs)
