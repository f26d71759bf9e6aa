"""Every component on one page, to look at while changing the look; only in development and in the sandbox."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from notify.lib.access import public

_CHANNELS = [("email", "Email"), ("sms", "Text message"), ("letter", "Letter")]


class EveryField(forms.Form):
    """One field of each kind that forms of the platform have."""

    option_hints = {"channel": {"letter": "Printed and posted for you"}}

    name = forms.CharField(label="Text input", help_text="A hint under the label")
    words = forms.CharField(label="Textarea", widget=forms.Textarea)
    number = forms.IntegerField(label="Number")
    day = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}))
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    year = forms.ChoiceField(label="Select", choices=[("2025", "2025 to 2026"), ("2026", "2026 to 2027")])
    channel = forms.ChoiceField(label="Radios", choices=_CHANNELS, widget=forms.RadioSelect)
    channels = forms.MultipleChoiceField(
        label="Checkboxes", help_text="Select all that apply", choices=_CHANNELS, widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="A single checkbox")
    upload = forms.FileField(label="File upload")


@public
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """404 on an installation that is neither in development nor a sandbox. `?errors` shows the form refused."""
    if not (settings.DEBUG or settings.SANDBOX):
        raise Http404("No style guide here")
    return render(request, "styleguide.html", _examples(refused="errors" in request.GET))


def _examples(*, refused: bool) -> dict[str, Any]:
    now = timezone.now()
    return {
        "page_title": "Style guide",
        "form": EveryField({} if refused else None),
        "service": SimpleNamespace(pk=UUID(int=0), name="Bin collections", state="trial", organisation=None),
        "service_navigation": [
            {"text": "Dashboard", "href": "#dashboard", "current": True},
            {"text": "Templates", "href": "#templates", "current": False},
            {"text": "Settings", "href": "#settings", "current": False},
        ],
        "rows": [
            {"key": "Service name", "value": "Bin collections", "href": "#name"},
            {"key": "Limits", "value": "50 emails a day\n50 text messages a day"},
        ],
        "tasks": [
            {"label": "Add templates", "href": "#add", "is_done": True},
            {"label": "Sign the agreement", "href": "#sign", "hint": "A manager signs it", "is_done": False},
        ],
        "colours": ["", "grey", "green", "turquoise", "blue", "purple", "pink", "red", "orange", "yellow"],
        "moments": [now, now - timedelta(days=1), now - timedelta(days=3), now - timedelta(days=300)],
        "timeline": [{"text": "Sent to the provider", "at": now}, {"text": "Delivered", "at": now}],
        "text_preview": format_html("Hello {}, your bins go out tomorrow.", _placeholder("name")),
        "email_preview": format_html("<p>Hello {},</p><h2>Your bins</h2><p>They go out tomorrow.</p>", _placeholder("name")),
        "refusal": SimpleNamespace(reasons=["This service is suspended"]) if refused else None,
    }


def _placeholder(name: str) -> str:
    return format_html('<mark class="placeholder">(({}))</mark>', name)
