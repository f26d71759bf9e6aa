"""Templates as they are managed: their settings, their drafts, and plans of a folder of files."""

from typing import Any

from rest_framework import serializers

from messaging.enums import Postage
from messaging.message_templates.api.serializers import TemplateSerializer
from messaging.message_templates.enums import LetterLanguages
from messaging.message_templates.markdown_files import MAX_FILES
from messaging.message_templates.models import TemplateDraft, TemplateVersion
from notify.lib.api.fields import Id, Moment, Text
from notify.lib.api.serializers import Input, Shape
from services.api.fields import OneChannel
from services.enums import Channel

# What a template says, apart from its name: kept by drafts and versions alike.
WORDS = ("body", "subject", "has_unsubscribe_link", "formatted_placeholders", "postage", "letter_languages",
         "welsh_subject", "welsh_body")  # fmt: skip


class WordsInput(Input):
    """What a template says. What is left out is empty."""

    name = serializers.CharField(max_length=255)
    body = serializers.CharField(trim_whitespace=False, max_length=100_000)
    subject = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    has_unsubscribe_link = serializers.BooleanField(required=False)
    formatted_placeholders = serializers.ListField(child=serializers.CharField(max_length=255), required=False)
    postage = serializers.ChoiceField(Postage.choices, required=False)
    letter_contact_id = serializers.UUIDField(required=False, allow_null=True)
    letter_languages = serializers.ChoiceField(LetterLanguages.choices, required=False)
    welsh_subject = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    welsh_body = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False, max_length=100_000)


class NewTemplateInput(WordsInput):
    type = serializers.ChoiceField(Channel.choices)
    slug = serializers.SlugField(required=False, max_length=255)
    folder_id = serializers.UUIDField(required=False, allow_null=True)


class EditTemplateInput(WordsInput):
    draft = serializers.BooleanField(required=False, help_text="Keep the words for later instead of sending them from now on.")


class FilesInput(Input):
    files = serializers.DictField(child=serializers.CharField(trim_whitespace=False, max_length=200_000))
    archive_missing = serializers.BooleanField(required=False)
    plan = serializers.CharField(required=False, help_text="Only if the plan is still this one.")

    def validate_files(self, value: dict[str, str]) -> dict[str, str]:
        if len(value) > MAX_FILES:
            raise serializers.ValidationError(f"must not have more than {MAX_FILES} files")
        return value


class DraftSerializer(Shape):
    body = Text()
    subject = Text()
    has_unsubscribe_link = serializers.BooleanField()
    formatted_placeholders = serializers.ListField(child=Text())
    postage = Text(allow_null=True)
    letter_languages = Text()
    welsh_subject = Text()
    welsh_body = Text()
    letter_contact_id = Id(allow_null=True)
    name = Text()
    updated_at = Moment()


class ManagedTemplateSerializer(TemplateSerializer):
    """A template with all its settings, and its draft if there is one."""

    slug = Text(source="template.slug")
    folder_id = Id(allow_null=True, source="template.folder_id")
    has_unsubscribe_link = serializers.BooleanField()
    formatted_placeholders = serializers.ListField(child=Text())
    letter_languages = Text()
    welsh_subject = Text()
    welsh_body = Text()
    letter_contact_id = Id(allow_null=True)
    draft = DraftSerializer(allow_null=True)

    def get_subject(self, version: TemplateVersion) -> str | None:
        return version.subject

    def get_postage(self, version: TemplateVersion) -> str | None:
        return version.postage

    def get_draft(self, version: TemplateVersion) -> TemplateDraft | None:
        return TemplateDraft.objects.filter(template=version.template).first()


class TemplateFilesSerializer(Shape):
    files = serializers.DictField(child=Text())


class StepSerializer(Shape):
    action = Text()
    slug = Text(allow_null=True)
    type = OneChannel(allow_null=True)
    path = Text(allow_null=True)
    changes = serializers.DictField()
    problems = serializers.ListField(child=Text())

    def get_slug(self, step: Any) -> str | None:
        return step.slug or None

    def get_type(self, step: Any) -> str | None:
        return step.channel or None

    def get_path(self, step: Any) -> str | None:
        return step.path or None


class PlanSerializer(Shape):
    plan = Text(source="fingerprint")
    possible = serializers.BooleanField(source="is_possible")
    steps = StepSerializer(many=True)
