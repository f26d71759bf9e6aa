"""Email and letter brands in the back office."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.html import format_html

from branding import colour
from branding.actions import brands
from branding.logos import MAX_BYTES
from branding.models import EmailBrand, LetterBrand
from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin
from notify.lib.refusals import Reason


class LogoField(forms.FileField):
    """A logo, given as bytes; None when nothing was chosen."""

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        upload = super().clean(data, initial)
        if not upload:
            return None
        if upload.size > MAX_BYTES:
            raise forms.ValidationError("The logo must be smaller than 2 MB", code="size")
        return bytes(upload.read())


class EmailBrandForm(forms.Form):
    name = forms.CharField(max_length=255)
    style = forms.ChoiceField(choices=EmailBrand.Style.choices)
    logo = LogoField(required=False, help_text="PNG or SVG, smaller than 2 MB, at least 108 pixels high.")
    colour = forms.CharField(required=False, max_length=7, help_text="A hex colour code, like #1d70b8. A banner needs one.")
    alt_text = forms.CharField(label="Description of the logo", required=False, max_length=255)
    text = forms.CharField(
        label="Text beside the logo", required=False, max_length=255, help_text="Either this or a description, not both."
    )


class LetterBrandForm(forms.Form):
    name = forms.CharField(max_length=255)
    logo = LogoField(help_text="SVG with shapes only, smaller than 2 MB.")


class ChangeLetterBrandForm(LetterBrandForm):
    logo = LogoField(required=False, help_text="Leave empty to keep the logo.")


def _uses(brand: EmailBrand | LetterBrand) -> list[Reason]:
    return [Reason("used", f"This brand is still used by {use}") for use in brands.uses_of(brand)]


def _archive_link(permission: str) -> ActionLink:
    return ActionLink(
        "archive",
        "Archive",
        brands.archive_brand,
        permission,
        shown=lambda brand: brand.is_active,
        blockers=_uses,
        explain="Nobody will be able to choose it any more. Its name becomes free.",
        danger=True,
    )


def _picture(url: str, background: str = "#ffffff") -> str:
    # Attributes, not a style: the pages' content security policy allows no inline styles.
    if not url:
        return "None"
    path = "/" + url.split("/", 3)[3]
    return format_html(
        '<svg class="brand-background" width="320" height="120" role="img" aria-label="Logo">'
        '<rect width="320" height="120" fill="{}"></rect>'
        '<image href="{}" x="10" y="10" width="300" height="100"></image></svg>',
        background,
        path,
    )


@admin.register(EmailBrand)
class EmailBrandAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "add", "Add an email brand", brands.create_email_brand, "branding.add_emailbrand", EmailBrandForm, on_list=True
        ),
        ActionLink(
            "change",
            "Change",
            brands.update_email_brand,
            "branding.change_emailbrand",
            EmailBrandForm,
            initial=lambda brand: {name: getattr(brand, name) for name in ("name", "style", "colour", "alt_text", "text")},
            shown=lambda brand: brand.is_active,
        ),
        _archive_link("branding.delete_emailbrand"),
    )
    list_display = ("name", "style", "colour", "is_active", "created_at")
    list_filter = ("is_active", "style")
    search_fields = ("name", "text", "alt_text")
    fields = (
        "name", "style", "picture", "colour", "contrast", "text", "alt_text", "is_active", "used_by", "created_at",
        "created_by",
    )  # fmt: skip
    readonly_fields = ("picture", "contrast", "used_by")

    @admin.display(description="logo")
    def picture(self, brand: EmailBrand) -> str:
        return _picture(brand.logo_url, brand.colour if brand.style == EmailBrand.Style.ORG_BANNER else "#ffffff")

    @admin.display(description="contrast of white text on the colour")
    def contrast(self, brand: EmailBrand) -> str:
        if not brand.colour:
            return "No colour"
        ratio = colour.contrast("#ffffff", brand.colour)
        verdict = "enough" if ratio >= colour.TEXT_CONTRAST else "too little for text"
        return f"{ratio:.1f} to 1 – {verdict}"

    @admin.display(description="used by")
    def used_by(self, brand: EmailBrand) -> str:
        return ", ".join(brands.uses_of(brand)) or "Nobody"


@admin.register(LetterBrand)
class LetterBrandAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "add", "Add a letter brand", brands.create_letter_brand, "branding.add_letterbrand", LetterBrandForm, on_list=True
        ),
        ActionLink(
            "change",
            "Change",
            brands.update_letter_brand,
            "branding.change_letterbrand",
            ChangeLetterBrandForm,
            initial=lambda brand: {"name": brand.name},
            shown=lambda brand: brand.is_active,
        ),
        _archive_link("branding.delete_letterbrand"),
    )
    list_display = ("name", "is_active", "created_at")
    list_filter = ("is_active",)
    search_fields = ("name",)
    fields = ("name", "picture", "is_active", "used_by", "created_at", "created_by")
    readonly_fields = ("picture", "used_by")

    @admin.display(description="logo")
    def picture(self, brand: LetterBrand) -> str:
        return _picture(brand.logo_url)

    @admin.display(description="used by")
    def used_by(self, brand: LetterBrand) -> str:
        return ", ".join(brands.uses_of(brand)) or "Nobody"
