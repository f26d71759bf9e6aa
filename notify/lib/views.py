"""Views around one action: validate, call it, answer; what it refuses stands beside the field it is about."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.generic import FormView

from notify.lib.refusals import ActionRefused, PermissionRefused


def uuid_or_404(text: str | None) -> UUID | None:
    """An id from an address or a form; None for nothing, Http404 for what is no id."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def add_refusal(form: forms.BaseForm, refusal: ActionRefused) -> None:
    """Put an action's reasons beside their fields, and those without one on top."""
    for reason in refusal.reasons:
        form.add_error(reason.field if reason.field in form.fields else None, reason.message)


class FormActionMixin:
    """For a view with a form: valid data goes to one action, and what that refuses stands in the form."""

    request: HttpRequest
    done_message = ""

    def act(self, form: Any) -> Any:
        """Call the action; raise ActionRefused to show the form again.

        A response is the answer. Anything else leads to the success URL, with a sentence that was returned, or with
        `done_message`, on top of that page.
        """
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            result = self.act(form)
        except PermissionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except ActionRefused as refusal:
            add_refusal(form, refusal)
            return self.form_invalid(form)  # type: ignore[attr-defined]
        if isinstance(result, HttpResponse):
            return result
        if sentence := result if isinstance(result, str) else self.done_message:
            messages.success(self.request, sentence)
        return redirect(self.get_success_url())  # type: ignore[attr-defined]


class ActionFormView(FormActionMixin, FormView):
    """A page with one form and one action. Subclasses say `page_title`, `button`, `act(form)` and where to go then."""

    template_name = "layouts/form_page.html"
    form_class: type[forms.BaseForm] = forms.Form
    page_title = ""
    intro = ""
    button = "Save"
    button_kind = ""
    layout = "layouts/service.html"

    def get_page_title(self) -> str:
        return self.page_title

    def get_back_href(self) -> str:
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page_title=self.get_page_title(),
            intro=self.intro,
            button=self.button,
            button_kind=self.button_kind,
            back_href=self.get_back_href(),
            layout=self.layout,
            **kwargs,
        )


class ConfirmView(ActionFormView):
    """A question before something that cannot be taken back: what will happen, a red button, a way out."""

    template_name = "layouts/confirm_page.html"
    button_kind = "warning"

    def get_consequences(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consequences=self.get_consequences(), **kwargs)


def file_response(filename: str, mime_type: str, content: bytes) -> HttpResponse:
    """Always as an attachment: nothing a service uploads is ever shown as a page of ours."""
    response = HttpResponse(content, content_type=mime_type)
    response.headers["Content-Disposition"] = _attachment(filename)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _attachment(filename: str) -> str:
    return content_disposition_header(as_attachment=True, filename=filename) or "attachment"
