"""Returned letters in the back office."""

from django import forms
from django.contrib import admin

from audit.actors import Actor
from messaging.letters.actions.returned_letters import report_returned_letters
from messaging.letters.models import ReturnedLetter
from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin


class ReferencesForm(forms.Form):
    references = forms.CharField(label="References", widget=forms.Textarea(attrs={"rows": 10}), help_text="One on each line.")


def _report_returned(*, by: Actor, references: str) -> None:
    report_returned_letters(references=references.splitlines(), by=by)


@admin.register(ReturnedLetter)
class ReturnedLetterAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "report",
            "Report returned letters",
            _report_returned,
            "letters.add_returnedletter",
            ReferencesForm,
            on_list=True,
            explain="Their services see them in their reports, and callbacks are sent.",
        ),
    )
    list_display = ("reported_at", "service", "notification_id")
    list_select_related = ("service",)
    search_fields = ("service__name",)
    ordering = ("-id",)
