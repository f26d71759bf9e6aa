"""Forms of the branding pages."""

from typing import Any

from django import forms

from branding.logos import MAX_BYTES
from notify.lib.forms import set_choices
from services.queries.brand_choices import BrandChoice


class ChooseBrandForm(forms.Form):
    options = forms.ChoiceField(
        label="Choose new branding",
        widget=forms.RadioSelect,
        error_messages={"required": "Select an option", "invalid_choice": "Select an option"},
    )

    def __init__(self, *args: Any, offered: list[BrandChoice], label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "options", [(choice.key, choice.label) for choice in offered])
        if label:
            self.fields["options"].label = label


class LogoUploadField(forms.FileField):
    """A logo, given as bytes. A file that is too large is refused before it is read."""

    default_error_messages = {"required": "Choose a file to upload", "empty": "The file is empty"}

    def clean(self, data: Any, initial: Any = None) -> bytes:
        upload = super().clean(data, initial)
        if upload.size > MAX_BYTES:
            raise forms.ValidationError("The logo must be smaller than 2 MB", code="size")
        return bytes(upload.read())


class EmailLogoForm(forms.Form):
    logo = LogoUploadField(
        label="Upload a logo",
        help_text="A PNG or SVG file, smaller than 2 MB and at least 108 pixels high.",
        widget=forms.ClearableFileInput(attrs={"accept": ".png,.svg"}),
    )
    banner = forms.ChoiceField(
        label="Should the logo stand on a coloured banner?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No")],
        error_messages={"required": "Select yes if the logo should stand on a coloured banner"},
    )
    colour = forms.CharField(
        label="Colour of the banner",
        required=False,
        max_length=7,
        help_text="A hex colour code, like #1d70b8. Only needed with a banner.",
    )


class AltTextForm(forms.Form):
    alt_text = forms.CharField(
        label="Describe the logo for people who cannot see it",
        max_length=255,
        help_text="Say whose it is, like ‘Department for Example’. Leave out the word ‘logo’.",
        error_messages={"required": "Describe the logo for people who cannot see it"},
    )


class LetterLogoForm(forms.Form):
    logo = LogoUploadField(
        label="Upload a logo",
        help_text="An SVG file, smaller than 2 MB, with shapes only: no pictures inside and no text.",
        widget=forms.ClearableFileInput(attrs={"accept": ".svg"}),
    )
    name = forms.CharField(
        label="Name of the branding",
        max_length=255,
        help_text="Other services of your organisation will see this name.",
        error_messages={"required": "Enter a name for the branding"},
    )


class AskForBrandForm(forms.Form):
    text = forms.CharField(
        label="Describe the branding you want",
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=5_000,
        help_text="For example whose logo it is and where we can find it. We will contact you when it is ready.",
        error_messages={"required": "Describe the branding you want"},
    )
