"""What people fill in to send one letter."""

from typing import Any

from django import forms

from content import normalise_key

ADDRESS_LINES = 7
_ADDRESS_KEYS = frozenset({*(f"addressline{n}" for n in range(1, ADDRESS_LINES + 1)), "postcode"})


class OneLetterForm(forms.Form):
    """The address as one block, and the values of the template; lines of the address may be values too."""

    address = forms.CharField(
        label="Address",
        required=False,
        widget=forms.Textarea(attrs={"rows": 7, "autocomplete": "off"}),
        help_text="3 to 7 lines. The last one is a UK postcode, or a country",
    )

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [name for name in names if normalise_key(name) not in _ADDRESS_KEYS]
        for index, name in enumerate(self.names):
            self.fields[f"value_{index}"] = forms.CharField(
                label=name, error_messages={"required": f"Enter a value for ‘{name}’"}
            )

    def personalisation(self) -> dict[str, str]:
        """The values, with the address line by line as the API takes it."""
        lines = [line.strip() for line in self.cleaned_data["address"].splitlines() if line.strip()]
        values = {name: self.cleaned_data[f"value_{index}"] for index, name in enumerate(self.names)}
        return values | {f"address_line_{number}": line for number, line in enumerate(lines, start=1)}
