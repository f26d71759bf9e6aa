"""Who team keys may write to besides the team."""

from typing import Any

from django.urls import reverse

from notify.lib.views import ActionFormView
from services.access import ServiceAccessMixin
from services.actions import senders
from services.forms.settings import GuestListForm
from services.models import GuestListEntry
from services.permissions import MANAGE_API_KEYS


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
        initial: dict[str, str] = {}
        for kind in GuestListEntry.Kind.values:
            entries = GuestListEntry.objects.filter(service=self.service, kind=kind).order_by("pk")
            initial |= {f"{kind}_{n}": entry.recipient for n, entry in enumerate(entries, start=1)}
        return initial

    def act(self, form: GuestListForm) -> None:
        senders.set_guest_list(self.service, emails=form.entries("email"), phones=form.entries("phone"), by=self.person)
