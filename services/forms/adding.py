"""Adding a service, naming and restoring it."""

from typing import Any

from django import forms

from notify.lib.forms import set_choices
from organisations.enums import OrganisationType


class ServiceNameForm(forms.Form):
    label_size = "m"
    name = forms.CharField(
        label="Service name",
        required=False,
        help_text="Recipients see it in emails, so make it clear and specific, like ‘Register to vote’",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RestoreForm(forms.Form):
    name = forms.CharField(
        label="Service name",
        required=False,
        help_text="Choose another one if the old name has been taken since",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AddServiceForm(ServiceNameForm):
    """The type is asked only where it is not known."""

    organisation_type = forms.ChoiceField(
        label="Who runs this service?",
        required=False,
        choices=OrganisationType.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, asks_type: bool, nhs_only: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_type:
            del self.fields["organisation_type"]
        elif nhs_only:
            nhs = (OrganisationType.NHS_CENTRAL, OrganisationType.NHS_LOCAL, OrganisationType.NHS_GP)
            set_choices(self, "organisation_type", [(kind.value, kind.label) for kind in nhs])
