"""The very first person on a new installation."""

from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actions import profile as actions
from accounts.forms.sign_in import FirstAdministratorForm
from accounts.models import User
from accounts.sign_in import tokens
from notify.lib.access import public
from notify.lib.refusals import ActionRefused
from notify.lib.views import add_refusal


@public
@never_cache
@require_http_methods(["GET", "POST"])
def first_administrator(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link of `manage.py first_admin`: dead as soon as there is an administrator."""
    if not tokens.reads_first_administrator(token) or User.objects.filter(is_superuser=True).exists():
        return render(
            request, "accounts/link_refused.html", {"page_title": "This link does not work", "first": True}, status=410
        )
    form = FirstAdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            validate_password(data["password"], User(name=data["name"], email=data["email"]))
            actions.make_first_administrator(name=data["name"], email=data["email"], password=data["password"])
        except ValidationError as error:
            form.add_error("password", error)
        except ActionRefused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "You are the first administrator. Sign in to set up the platform.")
            return redirect("/sign-in?next=/platform/set-up")
    context = {
        "page_title": "Create the first administrator",
        "form": form,
        "button": "Create account",
        "intro": "This person can do everything on this platform. The link works once.",
    }
    return render(request, "layouts/form_page.html", context)
