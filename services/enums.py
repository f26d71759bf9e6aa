"""The words of a service: where it stands, what it may send, who may do what."""

from django.db import models


class ServiceState(models.TextChoices):
    TRIAL = "trial", "Trial mode"
    PENDING = "pending", "Waiting for approval"
    LIVE = "live", "Live"


class Channel(models.TextChoices):
    EMAIL = "email", "Email"
    SMS = "sms", "Text message"
    LETTER = "letter", "Letter"


class ServicePermission(models.TextChoices):
    """What a service as a whole may do: its channels, and what is asked for beyond them."""

    EMAIL = "email", "Send emails"
    SMS = "sms", "Send text messages"
    LETTER = "letter", "Send letters"
    EMAIL_AUTH = "email_auth", "Sign in with an email link"
    INBOUND_SMS = "inbound_sms", "Receive text message replies"
    INTERNATIONAL_SMS = "international_sms", "Send text messages to international numbers"
    INTERNATIONAL_LETTERS = "international_letters", "Send letters internationally"
    SEND_FILES_VIA_UI = "send_files_via_ui", "Upload and send files and letters"
    SMS_TO_UK_LANDLINES = "sms_to_uk_landlines", "Send text messages to UK landlines"
    EDIT_FOLDER_PERMISSIONS = "edit_folder_permissions", "Choose who sees which folder"


# reference: service-lifecycle §3 and public-api §10
DEFAULT_SERVICE_PERMISSIONS = [
    ServicePermission.EMAIL,
    ServicePermission.SMS,
    ServicePermission.LETTER,
    ServicePermission.INTERNATIONAL_SMS,
    ServicePermission.INTERNATIONAL_LETTERS,
    ServicePermission.SEND_FILES_VIA_UI,
    ServicePermission.EDIT_FOLDER_PERMISSIONS,
]


class KeyType(models.TextChoices):
    NORMAL = "normal", "Live"
    TEAM = "team", "Team and guest list"
    TEST = "test", "Test"


class KeyScope(models.TextChoices):
    """What an API key is limited to; a key without scopes may do everything."""

    SEND_EMAIL = "send_email", "Send emails"
    SEND_SMS = "send_sms", "Send text messages"
    SEND_LETTER = "send_letter", "Send letters"
    TEMPLATES = "templates", "Read and change templates"
    REPORTS = "reports", "Read messages, statistics and received texts"
    MANAGE = "manage", "Manage senders, callbacks and team"
