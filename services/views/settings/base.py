"""What the pages of a service's settings share."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from notify.lib.views import ActionFormView
from services.access import ServiceAccessMixin
from services.actions import settings
from services.enums import ServicePermission
from services.forms.settings import OnOffForm, TextForm
from services.permissions import MANAGE_SERVICE


class SettingsMixin(ServiceAccessMixin):
    needs: str | None = MANAGE_SERVICE
    nav_current = "settings"

    def get_back_href(self) -> str:
        return reverse("services:settings", kwargs={"service_id": self.service.pk})

    get_success_url = get_back_href


class OneTextView(SettingsMixin, ActionFormView):
    """A row that is one text."""

    form_class = TextForm
    label = ""
    hint = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"label": self.label, "hint": self.hint}


class SwitchView(SettingsMixin, ActionFormView):
    """A channel or an advanced permission, on or off."""

    form_class = OnOffForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
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
        settings.set_permission(self.service, permission=permission, on=on, by=self.person)


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
        type(self).action(self.service, on=form.cleaned_data["on"], by=self.person)


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
