"""Files of email templates: which of them a wording names, and the links in their place.

A file's name in double brackets, as in ((leaflet.pdf)), is no placeholder to fill in: it is a link. On pages it leads the
team to the file; in an email it leads the recipient to a download page of their own.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from content.language import normalise_key
from messaging.message_templates.models import MessageTemplate, TemplateAttachment, TemplateVersion
from notify.lib import clock
from notify.lib.short_cache import cached
from services.enums import Channel

# reference: web-ui §9
EXTENSIONS = ("csv", "jpeg", "jpg", "png", "xlsx", "doc", "docx", "pdf", "json", "odt", "rtf", "txt")
# A file that was removed stays this long for messages that were accepted before.
KEPT_AFTER_REMOVAL = timedelta(days=14)
_NAMED = re.compile(rf"\(\(([^()]+\.(?:{'|'.join(EXTENSIONS)}))\s*\)\)", re.IGNORECASE)


def files_named(template: MessageTemplate, version: TemplateVersion) -> dict[str, TemplateAttachment]:
    """The files a wording names, by the normalised name. Costs nothing for a wording that cannot name any."""
    if template.channel != Channel.EMAIL or not _NAMED.search(version.body):
        return {}
    found = {}
    for file in cached(("template_files", template.pk), lambda: _files(template)):
        if file.archived_at is None or file.archived_at > version.created_at:
            found[normalise_key(file.filename)] = file
    return {key: file for key, file in found.items() if names(version.body, file.filename)}


def _files(template: MessageTemplate) -> list[TemplateAttachment]:
    """A template's files, those in use after the removed ones, so that of two with one name the one in use is taken."""
    kept = Q(archived_at=None) | Q(archived_at__gt=clock.now() - KEPT_AFTER_REMOVAL)
    found = TemplateAttachment.objects.filter(kept, template=template).order_by("created_at")
    return sorted(found, key=lambda file: file.archived_at is None)


def names(body: str, filename: str) -> bool:
    """Whether the words of a template name a file."""
    return any(normalise_key(each[1]) == normalise_key(filename) for each in _NAMED.finditer(body))


def without(body: str, filename: str) -> str:
    """The words without a file's name."""
    gone = _NAMED.sub(lambda each: "" if normalise_key(each[1]) == normalise_key(filename) else each[0], body)
    return gone.strip()


def with_links(body: str, files: dict[str, TemplateAttachment]) -> str:
    """The words with links for the team in place of the names."""

    def link(named: re.Match[str]) -> str:
        file = files.get(normalise_key(named[1]))
        return f"[{file.link_text or file.filename}]({team_url(file)})" if file else named[0]

    return _NAMED.sub(link, body)


def team_url(file: TemplateAttachment) -> str:
    """Where people of the team get a file; unlike any other text, so that it can be replaced by a recipient's link."""
    return f"{settings.BASE_URL}/d/{file.pk}/for-the-team"
