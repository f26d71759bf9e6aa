"""Where providers tell what became of messages: checked, stored as it came, answered; a worker applies it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from messaging.providers.actions import receipt_inbox
from messaging.providers.base import Provider
from messaging.providers.enums import InboxKind
from messaging.providers.registry import NoProvider, provider
from notify.lib.access import declare

MAX_BODY = 1024 * 1024


def from_provider(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A provider's machine opens this, with the provider's credentials; the view checks them."""
    return declare(csrf_exempt(login_not_required(view)), "provider")


@from_provider
@require_POST
def receive_receipts(request: HttpRequest, name: str) -> HttpResponse:
    """Delivery receipts of a provider."""
    return _receive(request, name, InboxKind.RECEIPT)


@from_provider
@require_POST
def receive_texts(request: HttpRequest, name: str) -> HttpResponse:
    """Texts that people sent to one of our numbers."""
    return _receive(request, name, InboxKind.INBOUND)


def _receive(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    source = _provider(name)
    raw = request.body
    if len(raw) > MAX_BODY:
        return JsonResponse({"error": "The body is too large"}, status=413)
    if not source.verify_receipt(request):
        return JsonResponse({"error": "The credentials or the signature are not right"}, status=401)
    receipt_inbox.put(name, raw, content_type=request.content_type or "", kind=kind)
    return JsonResponse({"status": "received"})


def _provider(name: str) -> Provider:
    """A provider of this installation; refuses with 404."""
    if name not in settings.PROVIDERS:
        raise Http404
    try:
        return provider(name)
    except NoProvider:
        raise Http404 from None


@from_provider
def receive_anymail(request: HttpRequest, path: str, **kwargs: Any) -> HttpResponse:
    """An email service's webhook in anymail's own form, e.g. /receipts/anymail/mailgun/tracking/.

    anymail checks the service's signature and the shared secret; without a shared secret nobody is let in.
    """
    if not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    try:
        match = resolve(f"/{path}", urlconf="anymail.urls")
    except Resolver404:
        raise Http404 from None
    return match.func(request, *match.args, **match.kwargs)
