"""Forms of the list of people who are not contacted."""

from django import forms

from services.enums import Channel

_CHANNELS = [(str(Channel.EMAIL), "Email"), (str(Channel.SMS), "Text message")]
MAX_FILE_BYTES = 1024 * 1024


class ChannelForm(forms.Form):
    channel = forms.ChoiceField(
        label="Which messages should they not get?",
        choices=_CHANNELS,
        widget=forms.RadioSelect,
        error_messages={"required": "Select email or text message", "invalid_choice": "Select email or text message"},
    )


class AddForm(ChannelForm):
    recipient = forms.CharField(
        label="Email address or phone number",
        max_length=320,
        error_messages={"required": "Enter an email address or phone number"},
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    field_order = ("channel", "recipient")


class ImportForm(ChannelForm):
    file = forms.FileField(
        label="File",
        help_text="A text or CSV file with one recipient on each line; only the first column is read.",
        error_messages={"required": "Choose a file to upload", "empty": "The file is empty"},
    )
    field_order = ("channel", "file")

    def clean_file(self) -> list[str]:
        """The first column of the file, without headings."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_FILE_BYTES:
            raise forms.ValidationError("The file must be smaller than 1 MB")
        try:
            text = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError("The file must be a text or CSV file saved as UTF-8") from None
        first = [line.split(",", 1)[0].strip().strip('"').lstrip("'") for line in text.splitlines()]
        headings = {"recipient", "email address", "email", "phone number", "phone", "address"}
        return first[1:] if first and first[0].lower() in headings else first
