"""Pages of the platform itself: its colours, its icon, its health."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from notify.lib.access import public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """People who are signed in go to their services; everybody else reads what this is."""
    if request.user.is_authenticated:
        return redirect("services:service-list")
    return render(request, "home.html")


@public
@require_safe
@cache_control(max_age=3600, public=True)
def colours(request: HttpRequest) -> HttpResponse:
    """The platform's own colour as a style sheet, so that no page needs a style of its own."""
    colour = settings.PLATFORM_COLOUR
    return HttpResponse(f":root {{ --platform-colour: {colour}; }}\n", content_type="text/css")


@public
@require_safe
@cache_control(max_age=86_400, public=True)
def icon(request: HttpRequest) -> HttpResponse:
    """A plain square in the platform's colour with the first letter of its name."""
    letter = settings.PLATFORM_NAME[:1].upper()
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="4" fill="{settings.PLATFORM_COLOUR}"/>'
        f'<text x="16" y="23" font-family="Arial, sans-serif" font-size="20" font-weight="bold" text-anchor="middle" '
        f'fill="#fff">{letter}</text></svg>'
    )
    return HttpResponse(svg, content_type="image/svg+xml")


@public
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether this process can serve: 200 with the database, 503 without."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "error", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok"})
