"""The first-run page of the back office: what the platform still needs, and a message to oneself to try it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import emails
from accounts.access import person_of
from accounts.email_domains import BUILT_IN
from accounts.forms.fields import EmailField, MobileField
from notify.doctor import look_over
from notify.lib.access import staff


class TestEmailForm(forms.Form):
    email = EmailField(label="Send a test email to")


class TestTextForm(forms.Form):
    mobile_number = MobileField(help_text="A test text message goes there")


@staff
@never_cache
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Superusers only: everybody else gets 403."""
    if not person_of(request).is_superuser:
        raise PermissionDenied("Only superusers set the platform up")
    verb = request.POST.get("verb", "")
    email_form = TestEmailForm(request.POST if verb == "email" else None, initial={"email": person_of(request).email})
    text_form = TestTextForm(
        request.POST if verb == "text" else None, initial={"mobile_number": person_of(request).mobile_number}
    )
    if email_form.is_bound and email_form.is_valid():
        to = email_form.cleaned_data["email"]
        emails.send("platform_test", to=to, context={})
        messages.success(request, f"A test email is on its way to {to}")
        return redirect("platform-set-up")
    if text_form.is_bound and emails.can_send_texts() and text_form.is_valid():
        to = text_form.cleaned_data["mobile_number"]
        emails.text(to, f"The text message provider of {settings.PLATFORM_NAME} works.")
        messages.success(request, f"A test text message is on its way to {to}")
        return redirect("platform-set-up")
    return render(request, "admin/set_up.html", _context(email_form, text_form))


def _context(email_form: forms.Form, text_form: forms.Form) -> dict[str, Any]:
    order = {"problem": 0, "advice": 1, "ok": 2}
    return {
        "page_title": "Set up the platform",
        "findings": sorted(look_over(deep=False), key=lambda finding: order[finding.level]),
        "email_form": email_form,
        "text_form": text_form,
        "form": text_form if text_form.is_bound else email_form,
        "can_send_texts": emails.can_send_texts(),
        "base_url": settings.BASE_URL,
        "from_email": settings.DEFAULT_FROM_EMAIL,
        "domains": settings.PUBLIC_SECTOR_DOMAINS,
        "built_in": len(BUILT_IN),
        "email_providers": settings.EMAIL_PROVIDERS,
        "sms_providers": settings.SMS_PROVIDERS,
    }
