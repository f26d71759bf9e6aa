"""Forms in the structure and classes of GOV.UK Frontend, for every form of the platform."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

# The component that each kind of widget becomes; anything else is a text input.
_INPUT = "govuk-input"
_CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (forms.RadioSelect, "govuk-radios__input"),
    (forms.Select, "govuk-select"),
    (forms.Textarea, "govuk-textarea"),
    (forms.FileInput, "govuk-file-upload"),
]


class FormRenderer(TemplatesSetting):
    """Renders every form with templates/forms/."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Offer these in a form's field. Refuses a field that is no choice with TypeError."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no choice")
    field.choices = list(choices)


def kind_of(widget: forms.Widget) -> str:
    """The component of a widget: checkbox, checkboxes, radios, select, textarea, file, hidden or input."""
    if isinstance(widget, forms.HiddenInput | forms.MultipleHiddenInput):
        return "hidden"
    names = {
        forms.CheckboxSelectMultiple: "checkboxes",
        forms.RadioSelect: "radios",
        forms.CheckboxInput: "checkbox",
        forms.Select: "select",
        forms.Textarea: "textarea",
        forms.FileInput: "file",
    }
    return next((name for kind, name in names.items() if isinstance(widget, kind)), "input")


def widget_attributes(field: forms.BoundField) -> dict[str, Any]:
    """Classes of a field's widget, and the ids of its hint and its error for screen readers."""
    widget = field.field.widget
    base = next((name for kind, name in _CLASSES if isinstance(widget, kind)), _INPUT)
    classes = [base, str(widget.attrs.get("class", ""))]
    if field.errors and base in (_INPUT, "govuk-textarea", "govuk-select", "govuk-file-upload"):
        classes.append(f"{base}--error")
    described_by = [f"{field.auto_id}_hint"] if field.help_text else []
    described_by += [f"{field.auto_id}_error"] if field.errors else []
    attributes = {"class": " ".join(filter(None, classes)), "required": False}
    if described_by:
        attributes["aria-describedby"] = " ".join(described_by)
    return attributes
