"""Serving logos: to mailboxes, to pages, to caches."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from notify.lib.access import public


@public
@require_safe
def logo(request: HttpRequest, name: str) -> FileResponse:
    """One PNG by its public name, which changes with its contents. Originals of letter logos are never served."""
    for folder in ("branding/email/", "branding/letter/"):
        if default_storage.exists(folder + name):
            response = FileResponse(default_storage.open(folder + name), content_type="image/png")
            response["Cache-Control"] = "public, max-age=31536000, immutable"
            response["Content-Security-Policy"] = "default-src 'none'; sandbox"
            response["X-Content-Type-Options"] = "nosniff"
            return response
    raise Http404
