"""What people fill in to write a template."""

from typing import Any

from django import forms

from content import MessageContent, placeholders
from messaging.enums import Postage
from messaging.message_templates.actions.templates import TemplateContent
from messaging.message_templates.enums import LetterLanguages
from messaging.message_templates.models import MessageTemplate
from notify.lib.forms import set_choices
from services.enums import Channel
from services.models import LetterContact, Service


class TemplateForm(forms.Form):
    """The words of one template. Fields that its channel does not have are left out."""

    name = forms.CharField(
        label="Template name",
        required=False,
        max_length=255,
        help_text="Your recipients will not see this",
    )
    subject = forms.CharField(label="Subject", required=False, widget=forms.Textarea(attrs={"rows": 1}))
    body = forms.CharField(
        label="Message",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "class": "message-editor"}),
        help_text="Use ((double brackets)) for what differs from person to person",
    )
    has_unsubscribe_link = forms.BooleanField(label="Add a link to unsubscribe", required=False)
    is_urgent = forms.BooleanField(
        label="Send ahead of other messages",
        required=False,
        help_text="For sign-in codes and warnings: they overtake spreadsheets, and expire after 10 minutes",
    )
    postage = forms.ChoiceField(label="Postage", required=False, widget=forms.RadioSelect)
    letter_contact = forms.ModelChoiceField(
        label="Sender address", required=False, queryset=LetterContact.objects.none(), empty_label="None"
    )
    letter_languages = forms.ChoiceField(
        label="Languages", required=False, choices=LetterLanguages.choices, widget=forms.RadioSelect
    )
    welsh_subject = forms.CharField(label="Heading in Welsh", required=False)
    welsh_body = forms.CharField(
        label="Message in Welsh",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Printed before the English. Fill it in if the letter is in both languages",
    )
    formatted_placeholders = forms.MultipleChoiceField(
        label="Values that may carry formatting of their own",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Leave a box empty to show the value exactly as it was given. That is safer: nobody can hide a link in it",
    )

    def __init__(self, *args: Any, service: Service, channel: str, template: MessageTemplate | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.service, self.channel = service, channel
        if channel == Channel.SMS:
            self._drop("subject", "has_unsubscribe_link")
        if channel == Channel.LETTER:
            self._drop("has_unsubscribe_link", "is_urgent")
            self.fields["subject"].label = "Heading"
            inland = (Postage.FIRST, Postage.SECOND, Postage.ECONOMY)
            set_choices(self, "postage", [(p.value, p.label) for p in inland])
            self.fields["postage"].initial = Postage.SECOND.value
            contacts = LetterContact.objects.active().filter(service=service)
            self.fields["letter_contact"].queryset = contacts  # type: ignore[attr-defined]
        else:
            self._drop("postage", "letter_contact", "letter_languages", "welsh_subject", "welsh_body")
        names = self._placeholders(template)
        if channel == Channel.EMAIL and names:
            set_choices(self, "formatted_placeholders", [(n, f"(({n}))") for n in names])
        else:
            self._drop("formatted_placeholders")

    def _drop(self, *names: str) -> None:
        for name in names:
            del self.fields[name]

    def _placeholders(self, template: MessageTemplate | None) -> list[str]:
        """The placeholders of what is typed, or of the saved template while nothing has been typed."""
        body = self.data.get("body") if self.is_bound else self.initial.get("body", "")
        subject = self.data.get("subject") if self.is_bound else self.initial.get("subject", "")
        return placeholders(MessageContent(channel=self.channel, body=body or "", subject=subject or ""))

    def words(self) -> TemplateContent:
        """What was typed, in the shape the action takes."""
        data = self.cleaned_data
        return TemplateContent(
            name=data["name"],
            body=data["body"],
            subject=" ".join(data.get("subject", "").split()),
            formatted_placeholders=data.get("formatted_placeholders", []),
            has_unsubscribe_link=data.get("has_unsubscribe_link", False),
            postage=data.get("postage", ""),
            letter_contact=data.get("letter_contact"),
            letter_languages=data.get("letter_languages") or LetterLanguages.ENGLISH,
            welsh_subject=data.get("welsh_subject", ""),
            welsh_body=data.get("welsh_body", ""),
        )


class AddTemplateForm(forms.Form):
    """Which kind of template to add."""

    channel = forms.ChoiceField(
        label="What do you want to add?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you want to add"},
    )

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(channel.value, f"{channel.label} template") for channel in Channel if service.has_permission(channel)]
        set_choices(self, "channel", choices)


class FolderForm(forms.Form):
    name = forms.CharField(label="Folder name", max_length=255, error_messages={"required": "Enter a name for the folder"})


class MoveForm(forms.Form):
    folder = forms.ChoiceField(label="Move to", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, folders: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "folder", [("", "Templates (no folder)"), *folders])
