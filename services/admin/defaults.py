"""Protected sender names and the defaults of each type of organisation in the back office."""

from django import forms
from django.contrib import admin

from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin
from services.actions import staff_settings
from services.admin.forms import ProtectForm
from services.models import ProtectedSenderName, TypeDefaults


@admin.register(ProtectedSenderName)
class ProtectedSenderNameAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "add",
            "Protect a name",
            staff_settings.protect_sender,
            "services.add_protectedsendername",
            ProtectForm,
            on_list=True,
        ),
        ActionLink(
            "remove",
            "Stop protecting it",
            staff_settings.unprotect_sender,
            "services.delete_protectedsendername",
            danger=True,
        ),
    )
    list_display = ("name", "note", "created_at", "created_by")
    list_select_related = ("created_by",)
    search_fields = ("name", "note")


_DEFAULTS = forms.fields_for_model(TypeDefaults, exclude=("organisation_type",))
# A plain form of the same fields: the action saves, not the form.
TypeDefaultsForm = type("TypeDefaultsForm", (forms.Form,), dict(_DEFAULTS))


@admin.register(TypeDefaults)
class TypeDefaultsAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "change",
            "Change the defaults",
            staff_settings.set_type_defaults,
            "services.change_typedefaults",
            TypeDefaultsForm,
            initial=lambda row: {name: getattr(row, name) for name in _DEFAULTS},
            explain="Services of this type follow at once, except where staff set a limit or an allowance of their own.",
            sensitive=True,
        ),
    )
    list_display = (
        "__str__", "trial_email", "trial_sms", "trial_letter", "live_email", "live_sms", "live_letter", "free_sms_fragments",
    )  # fmt: skip
