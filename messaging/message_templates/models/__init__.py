from .attachment import TemplateAttachment
from .template import FolderAccess, MessageTemplate, TemplateDraft, TemplateFolder, TemplateVersion

__all__ = [
    "FolderAccess",
    "MessageTemplate",
    "TemplateAttachment",
    "TemplateDraft",
    "TemplateFolder",
    "TemplateVersion",
]
