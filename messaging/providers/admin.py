"""Providers in the back office: shares, on and off, and words of theirs that mean nothing to us."""

from typing import Any

from django import forms
from django.contrib import admin

from audit.actors import Actor
from messaging.providers.actions import shares as sharing
from messaging.providers.models import ProviderState, UnlistedStatus
from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin
from notify.lib.refusals import ActionRefused
from services.enums import Channel

CHANGE_PROVIDER = "providers.change_providerstate"


class ProviderReasonForm(forms.Form):
    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}), max_length=500)


class SharesForm(ProviderReasonForm):
    channel = forms.ChoiceField(choices=Channel.choices)
    shares = forms.CharField(
        label="Shares",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One provider on each line with its percentage, like “sandbox 100”. All together make 100.",
    )
    field_order = ("channel", "shares", "reason")


def _set_shares(*, by: Actor, channel: str, shares: str, reason: str) -> None:
    wanted = {}
    for line in filter(None, map(str.strip, shares.splitlines())):
        name, _, number = line.rpartition(" ")
        if not number.rstrip("%").isdecimal() or len(number) > 4:
            raise ActionRefused(f"‘{line[:60]}’ is not a provider with a percentage")
        wanted[name.strip()] = int(number.rstrip("%"))
    sharing.set_shares(channel, shares=wanted, reason=reason, by=by)


def _switch(is_active: bool) -> Any:
    def action(state: ProviderState, *, by: Actor, reason: str) -> ProviderState:
        return sharing.switch_provider(state, is_active=is_active, reason=reason, by=by)

    return action


@admin.register(ProviderState)
class ProviderStateAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink("shares", "Share out the traffic", _set_shares, CHANGE_PROVIDER, SharesForm, on_list=True, sensitive=True),
        ActionLink(
            "on", "Switch on", _switch(True), CHANGE_PROVIDER, ProviderReasonForm, shown=lambda state: not state.is_active
        ),
        ActionLink(
            "off",
            "Switch off",
            _switch(False),
            CHANGE_PROVIDER,
            ProviderReasonForm,
            shown=lambda state: state.is_active,
            explain="Messages go to the other providers of the channel at once.",
            danger=True,
            sensitive=True,
        ),
    )
    list_display = ("name", "channel", "share", "is_active", "updated_at")
    list_filter = ("channel", "is_active")


@admin.register(UnlistedStatus)
class UnlistedStatusAdmin(ReadOnlyAdmin):
    """What to add to the `statuses` of a provider's settings."""

    list_display = ("provider", "word", "count", "first_seen_at", "last_seen_at")
    list_filter = ("provider",)
    ordering = ("-last_seen_at",)
