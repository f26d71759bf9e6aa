"""A receiver for the embedded run: shows the last callbacks it got. Mounted only where the sandbox is switched on."""

import json
from contextlib import suppress
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notify.lib import clock
from notify.lib.access import public

KEPT = 50
KEPT_SECONDS = 7 * 24 * 3600
_KEY = "demo-receiver-count"
_MAX_BODY = 64 * 1024
# /_demo/callback-receiver/<answer> answers so, to see what becomes of callbacks that are not taken.
ANSWERS = {"ok": 200, "error": 500, "busy": 429, "gone": 410}


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def callback_receiver(request: HttpRequest, answer: str = "ok") -> HttpResponse:
    """POST: keep a callback and answer. GET: the page of what came."""
    if request.method == "POST":
        if len(request.body) > _MAX_BODY:
            return JsonResponse({"error": "too large"}, status=413)
        status = ANSWERS.get(answer, 404)
        keep(_entry(request, status))
        response = JsonResponse({"received": status == 200}, status=status)
        if status == 429:
            response["Retry-After"] = "60"
        return response
    return render(request, "callbacks/demo_receiver.html", {"page_title": "Demo receiver", "received": kept()})


def keep(entry: dict[str, Any]) -> None:
    """Keep one callback in a ring of KEPT places; several may arrive at once."""
    cache.add(_KEY, 0, KEPT_SECONDS)
    number = cache.incr(_KEY)
    cache.set(f"{_KEY}:{number % KEPT}", {**entry, "number": number}, KEPT_SECONDS)


def kept() -> list[dict[str, Any]]:
    """What came, newest first."""
    found = cache.get_many([f"{_KEY}:{place}" for place in range(KEPT)]).values()
    return sorted(found, key=lambda entry: -int(entry["number"]))


def _entry(request: HttpRequest, status: int) -> dict[str, Any]:
    text = request.body.decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):  # what is not JSON is shown as it came
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    shown = ("Authorization", "Content-Type", "Webhook-Id", "Webhook-Timestamp", "Webhook-Signature")
    return {
        "at": clock.now(),
        "path": request.path,
        "headers": {name: request.headers[name] for name in shown if name in request.headers},
        "body": text,
        "status": status,
    }
