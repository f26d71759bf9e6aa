"""Templates as files: one Markdown file each, with its settings on top, so that they can live in git.

    reminders/bin-day.email.md
    ---
    name: Bin day reminder
    subject: Your bins, ((name))
    ---
    Dear ((name)) …

The file's name is the template's short name (slug) and channel; its folders are the folders of templates.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from messaging.enums import Postage
from messaging.message_templates.enums import LetterLanguages
from services.enums import Channel

MAX_FILES = 1_000
_PATH = re.compile(r"((?:[^/\x00-\x1f]{1,255}/)*)([a-z0-9][a-z0-9_-]{0,239})\.(email|sms|letter)\.md")
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)(.*)\Z", re.DOTALL | re.MULTILINE)
# Settings of a file and the type of each; everything but the name may be left out.
_SETTINGS: dict[str, type] = {
    "name": str,
    "subject": str,
    "has_unsubscribe_link": bool,
    "formatted_placeholders": list,
    "postage": str,
    "letter_languages": str,
    "welsh_subject": str,
    "welsh_body": str,
}


@dataclass(frozen=True, slots=True)
class MarkdownTemplate:
    """What a file says. `problems` is empty if it can be used."""

    path: str
    slug: str = ""
    channel: str = ""
    folders: tuple[str, ...] = ()
    body: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_file(path: str, text: str) -> MarkdownTemplate:
    """Read one file; never raises, what is wrong stands in `problems`."""
    where = _PATH.fullmatch(path)
    if where is None:
        return MarkdownTemplate(path, problems=("The path must end in <short-name>.email.md, .sms.md or .letter.md",))
    front = _FRONT.match(text)
    if front is None:
        return MarkdownTemplate(path, problems=("The file must begin with its settings between two lines of ---",))
    try:
        settings = yaml.safe_load(front[1]) or {}
    except yaml.YAMLError:
        return MarkdownTemplate(path, problems=("The settings on top are not valid YAML",))
    folders = tuple(part for part in where[1].split("/") if part)
    problems = tuple(_problems(settings))
    return MarkdownTemplate(path, where[2], where[3], folders, front[2].strip("\r\n"), settings, problems)


def _problems(settings: Any) -> list[str]:
    if not isinstance(settings, dict):
        return ["The settings on top must be names with values"]
    found = [f"There is no setting ‘{name}’" for name in settings if name not in _SETTINGS]
    for name, kind in _SETTINGS.items():
        if name in settings and not isinstance(settings[name], kind):
            words = {str: "a text", bool: "true or false", list: "a list"}
            found.append(f"‘{name}’ must be {words[kind]}")
    if not settings.get("name"):
        found.append("The file must have a ‘name’")
    if settings.get("postage") not in (None, *Postage.values):
        found.append(f"‘postage’ must be one of {', '.join(Postage.values)}")
    if settings.get("letter_languages") not in (None, *LetterLanguages.values):
        found.append(f"‘letter_languages’ must be one of {', '.join(LetterLanguages.values)}")
    listed = settings.get("formatted_placeholders")
    if isinstance(listed, list) and not all(isinstance(each, str) for each in listed):
        found.append("‘formatted_placeholders’ must be a list of texts")
    return found


def write_file(slug: str, channel: str, folders: tuple[str, ...], body: str, settings: dict[str, Any]) -> tuple[str, str]:
    """The path and text that `read_file` reads back; settings without a value are left out."""
    path = "/".join([*(folder.replace("/", "-") for folder in folders), f"{slug}.{channel}.md"])
    given = {name: settings[name] for name in _SETTINGS if settings.get(name)}
    if channel == Channel.EMAIL:
        # Said even when it is empty: a file that is silent about it counts as formatted throughout.
        given["formatted_placeholders"] = list(settings.get("formatted_placeholders") or [])
    if channel != Channel.LETTER:
        given.pop("letter_languages", None)
    front = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=1000)
    return path, f"---\n{front}---\n{body}\n"
