"""The languages of a letter."""

from django.db import models


class LetterLanguages(models.TextChoices):
    ENGLISH = "english", "English only"
    WELSH_THEN_ENGLISH = "welsh_then_english", "Welsh followed by English"
