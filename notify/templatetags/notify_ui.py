"""Small pieces of pages: form fields, dates, percentages."""

from typing import Any

from django import forms, template
from django.utils.safestring import SafeString

from notify.lib import text
from notify.lib.forms import kind_of, widget_attributes

register = template.Library()
register.filter(text.moment)
register.filter(text.day)
register.filter(text.uk_number)


@register.filter
def component(field: forms.BoundField) -> str:
    """Which component a form field is."""
    return kind_of(field.field.widget)


@register.filter
def control(field: forms.BoundField) -> SafeString:
    """A form field's widget with its classes."""
    return field.as_widget(attrs=widget_attributes(field))


@register.filter
def first_control(field: forms.BoundField) -> str:
    """The id of what takes the focus when somebody follows an error: the first option of radios and checkboxes."""
    if component(field) in ("radios", "checkboxes"):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def described_by(field: forms.BoundField) -> str:
    """The ids of a group's hint and error, for screen readers."""
    parts = ("hint", field.help_text), ("error", field.errors)
    return " ".join(f"{field.auto_id}_{name}" for name, shown in parts if shown)


@register.filter
def option_hint(field: forms.BoundField, value: object) -> str:
    """The hint under one option, from a form's `option_hints = {field: {value: hint}}`."""
    hints = getattr(field.form, "option_hints", {}).get(field.name, {})
    return str(hints.get(str(value), ""))


@register.filter
def percent_of(part: int, whole: int) -> int:
    """A part of a whole in percent, 0 to 100."""
    return min(round(100 * part / whole), 100) if whole else 0


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    """A value of a dictionary."""
    return mapping.get(key)


_PLURALS = {"email": ("email", "emails"), "sms": ("text message", "text messages"), "letter": ("letter", "letters")}


@register.filter
def channel_plural(channel: str, count: int) -> str:
    """A channel's name for a number of messages."""
    one, many = _PLURALS[channel]
    return one if count == 1 else many


@register.filter
def cells(line: Any, keys: list[str]) -> list[tuple[str, str]]:
    """A spreadsheet line's cells with the keys of their columns."""
    return list(zip(keys, line.cells, strict=False))
