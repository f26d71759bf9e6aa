from .attachment import TemplateFile
from .template import FolderAccess, MessageTemplate, TemplateDraft, TemplateFolder, TemplateVersion

__all__ = [
    "FolderAccess",
    "MessageTemplate",
    "TemplateDraft",
    "TemplateFile",
    "TemplateFolder",
    "TemplateVersion",
]
