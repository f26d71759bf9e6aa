"""The sandbox: what would have arrived, codes of the platform included. Mounted only where the sandbox is switched on."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from messaging.notifications.rules.recipients import phone_recipient, recipient_hash
from messaging.sandbox.forms import SandboxBehaviourForm, SandboxSearchForm, TextToServiceForm
from messaging.sandbox.models import SandboxBehaviour, SandboxMessage
from messaging.sandbox.provider import text_from_page
from notify.lib import short_cache
from notify.lib.access import public
from services.enums import Channel

PAGE = 25
# An email may bring its own styles and pictures, and nothing that runs or sends.
EMAIL_POLICY = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:"


@public
@require_GET
def sandbox_list(request: HttpRequest) -> HttpResponse:
    """Everything that was sent, newest first."""
    form = SandboxSearchForm(request.GET)
    found = SandboxMessage.objects.all()
    if form.is_valid():
        found = _search(found, form.cleaned_data)
    before = request.GET.get("before", "")
    if before:
        try:
            found = found.filter(pk__lt=UUID(before))
        except ValueError:
            raise Http404 from None
    page = list(found[: PAGE + 1])
    query = request.GET.copy()
    query.pop("before", None)
    next_href = f"?{query.urlencode()}&before={page[PAGE - 1].pk}" if len(page) > PAGE else ""
    behaviours = {row.channel: row for row in SandboxBehaviour.objects.all()}
    return render(
        request,
        "sandbox/message_list.html",
        {
            "page_title": "Sandbox",
            "form": form,
            "sent": page[:PAGE],
            "next_href": next_href,
            "behaviours": [
                (channel, behaviours.get(channel.value, SandboxBehaviour(channel=channel.value))) for channel in Channel
            ],
        },
    )


def _search(found: QuerySet[SandboxMessage], wanted: dict[str, Any]) -> QuerySet[SandboxMessage]:
    if wanted["channel"]:
        found = found.filter(channel=wanted["channel"])
    if text := wanted["to"].strip():
        hashes = [recipient_hash(text.lower())]
        with suppress(ValueError):  # an email address is no phone number
            hashes.append(recipient_hash(phone_recipient(text).normalised))
        found = found.filter(to_hash__in=hashes)
    return found


@public
@require_GET
def sandbox_detail(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One message as it would have arrived."""
    message = get_object_or_404(SandboxMessage, pk=message_id)
    return render(
        request,
        "sandbox/message_detail.html",
        {"page_title": message.subject or f"{message.get_channel_display()} to {message.to}", "sent": message},
    )


@public
@require_GET
@xframe_options_sameorigin
def sandbox_html(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The email itself, for the frame on its page: locked in by its own policy."""
    message = get_object_or_404(SandboxMessage, pk=message_id)
    if message.html is None:
        raise Http404
    response = HttpResponse(message.html)
    response["Content-Security-Policy"] = EMAIL_POLICY
    return response


@public
@require_GET
def sandbox_pdf(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """A letter's print-ready file."""
    message = get_object_or_404(SandboxMessage, pk=message_id)
    if not message.pdf:
        raise Http404
    return HttpResponse(message.pdf.read(), content_type="application/pdf")


@public
@require_http_methods(["GET", "POST"])
def sandbox_behaviour(request: HttpRequest, channel: str) -> HttpResponse:
    """Tell the sandbox what to do with the next messages of a channel."""
    if channel not in Channel.values:
        raise Http404
    row = SandboxBehaviour.objects.filter(channel=channel).first() or SandboxBehaviour(channel=channel)
    form = SandboxBehaviourForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        short_cache.clear_cache()
        flash.success(request, f"{Channel(channel).label}s: {row.get_behaviour_display()}")
        return redirect("sandbox:sandbox")
    return render(
        request,
        "sandbox/behaviour_form.html",
        {
            "page_title": f"What happens to the next {Channel(channel).label.lower()}s",
            "form": form,
            "button": "Save",
            "back_href": reverse("sandbox:sandbox"),
        },
    )


@public
@require_http_methods(["GET", "POST"])
def sandbox_text(request: HttpRequest) -> HttpResponse:
    """Text a service, as a member of the public would."""
    form = TextToServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text_from_page(**form.cleaned_data)
        flash.success(request, "Your text message is on its way")
        return redirect("sandbox:sandbox")
    return render(
        request,
        "sandbox/text_form.html",
        {
            "page_title": "Text a service",
            "form": form,
            "button": "Send",
            "back_href": reverse("sandbox:sandbox"),
            "has_numbers": bool(form.fields["destination"].choices),  # type: ignore[attr-defined]
        },
    )
