"""Forms about joining a team."""

from typing import Any

from django import forms

from notify.lib.forms import set_choices
from notify.lib.text import moment
from services.forms.team import PersonForm
from services.models import Service
from services.queries.team import managers


class AskForm(forms.Form):
    """Whom to ask, and why."""

    managers = forms.MultipleChoiceField(
        label="Who do you want to ask?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Select people from the list"},
    )
    reason = forms.CharField(
        label="Why do you want to join? (optional)",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(managers(service).order_by("name"))
        set_choices(self, "managers", [(str(person.pk), str(person)) for person in people])
        self.option_hints = {
            "managers": {
                str(person.pk): f"Last signed in {moment(person.last_login)}" if person.last_login else "Has not signed in yet"
                for person in people
            }
        }


class AnswerForm(PersonForm):
    """Yes or no, and with a yes what the person may do."""

    answer = forms.ChoiceField(
        label="Your answer",
        choices=[("approve", "Let them join the team"), ("refuse", "Do not let them join")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select an answer"},
    )
    field_order = ("answer", "permissions")
