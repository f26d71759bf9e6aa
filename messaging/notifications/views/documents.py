"""What a recipient sees who follows the link to a file."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from messaging.notifications.actions.documents import DocumentGone, find_document, read_document
from messaging.notifications.models import Document
from notify.lib.access import public
from notify.lib.refusals import ActionRefused
from notify.lib.views import file_response


class EmailForm(forms.Form):
    """Asked where the sender wants only the recipient to open the file."""

    email_address = forms.EmailField(
        label="Your email address",
        help_text="The address the link was sent to.",
        error_messages={"required": "Enter your email address", "invalid": "Enter an email address like name@example.com"},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )


@public
@never_cache
@require_http_methods(["GET", "POST"])
def document_page(request: HttpRequest, document_id: UUID, key: str) -> HttpResponse:
    """Says what the file is and gives it on a button, so that a program that only follows links downloads nothing."""
    try:
        document = find_document(document_id, key)
    except DocumentGone:
        raise Http404 from None
    form = EmailForm(request.POST or None) if document.email_hash is not None else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            content = read_document(document, email_address=form.cleaned_data["email_address"] if form else "")
            return file_response(document.filename, document.mime_type, content)
        except ActionRefused as refused:
            assert form is not None
            form.add_error("email_address", refused.reasons[0].message)
    response = render(request, "notifications/document_page.html", _context(document, form))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _context(document: Document, form: EmailForm | None) -> dict[str, Any]:
    contact = document.service.contact_link
    # Named apart from `service`: the recipient is no member and must not see a member's page.
    return {
        "document": document,
        "form": form,
        "from_name": document.service.name,
        "contact": contact,
        "contact_href": contact if contact.startswith(("https://", "http://")) else "",
    }
