"""API keys of a service."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import TemplateView

from content import api_key_name_prefix
from notify.lib import clock
from notify.lib.views import ActionFormView, ConfirmView
from services.access import ServiceAccessMixin
from services.actions.keys import create_key, revoke_key, rotate_key
from services.enums import KeyScope
from services.forms.keys import KeyForm, RotateKeyForm
from services.models import ApiKey
from services.permissions import MANAGE_API_KEYS

# Revoked keys stay on the page this long.
SHOWN_AFTER_REVOKING = timedelta(days=90)


class KeysMixin(ServiceAccessMixin):
    needs = MANAGE_API_KEYS
    nav_current = "api"

    def keys_url(self) -> str:
        return reverse("services:key-list", kwargs={"service_id": self.service.pk})

    def get_key(self, key_id: UUID) -> ApiKey:
        return get_object_or_404(ApiKey.objects.select_related("service"), pk=key_id, service=self.service)


class KeyListView(KeysMixin, TemplateView):
    template_name = "services/key_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recent = clock.now() - SHOWN_AFTER_REVOKING
        keys = [
            {"key": key, "prefix": api_key_name_prefix(key.name), "scopes": [KeyScope(s).label for s in key.scopes]}
            for key in ApiKey.objects.filter(service=self.service).select_related("created_by")
            if key.revoked_at is None or key.revoked_at > recent
        ]
        return super().get_context_data(page_title="API keys", keys=keys, now=clock.now(), **kwargs)


class NewKeyView(KeysMixin, ActionFormView):
    """A form whose answer shows a key."""

    button = "Continue"

    def get_back_href(self) -> str:
        return self.keys_url()

    def show(self, key: ApiKey, text: str) -> HttpResponse:
        """The one time the key is shown: in the answer itself, so that it is never stored anywhere."""
        context = self.get_context_data(key=key, text=text)
        response = render(self.request, "services/key_created.html", context | {"page_title": "Copy your key"})
        response["Cache-Control"] = "no-store"
        return response


class KeyCreateView(NewKeyView):
    form_class = KeyForm
    page_title = "Create an API key"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"service": self.service}

    def act(self, form: KeyForm) -> HttpResponse:
        data = form.cleaned_data
        key, text = create_key(
            self.service,
            name=data["name"],
            key_type=data["key_type"],
            by=self.person,
            scopes=data["scopes"],
            expires_at=form.expires_at(),
        )
        return self.show(key, text)


class KeyRotateView(NewKeyView):
    form_class = RotateKeyForm
    intro = "You get a new key of the same kind. The old one goes on working for as long as you choose."

    def get_page_title(self) -> str:
        return f"Replace ‘{self.get_key(self.kwargs['key_id'])}’"

    def act(self, form: RotateKeyForm) -> HttpResponse:
        old = self.get_key(self.kwargs["key_id"])
        key, text = rotate_key(old, overlap=form.cleaned_data["overlap"], by=self.person)
        return self.show(key, text)


class KeyRevokeView(KeysMixin, ConfirmView):
    button = "Revoke this key"
    done_message = "The key was revoked"

    def get_page_title(self) -> str:
        return f"Are you sure you want to revoke ‘{self.get_key(self.kwargs['key_id'])}’?"

    def get_consequences(self) -> list[str]:
        return [
            "Systems that use this key can no longer send messages or read them",
            "You cannot bring the key back, but you can create a new one",
        ]

    def get_back_href(self) -> str:
        return self.keys_url()

    get_success_url = get_back_href

    def act(self, form: Form) -> None:
        revoke_key(self.get_key(self.kwargs["key_id"]), by=self.person)
