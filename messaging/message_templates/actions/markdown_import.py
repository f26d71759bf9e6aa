"""Bringing a service's templates in line with a set of files: first the plan, then, if wanted, the deed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from audit.actors import Actor
from content import MessageContent, placeholders
from messaging.message_templates.actions.folders import create_folder, move_template
from messaging.message_templates.actions.templates import (
    TemplateContent,
    archive_template,
    check_words,
    create_template,
    edit_template,
)
from messaging.message_templates.markdown_files import MarkdownTemplate, read_file, write_file
from messaging.message_templates.models import MessageTemplate, TemplateFolder
from notify.lib.refusals import ActionRefused, Reason
from services.access import require
from services.models import Service
from services.permissions import MANAGE_TEMPLATES


@dataclass
class Step:
    """What happens to one template: create, update, nothing (unchanged), archive; or why it cannot (error)."""

    action: str
    slug: str
    channel: str
    path: str = ""
    # Field → what it says now and what it would say.
    changes: dict[str, list[Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """Every step, in the order in which it would be taken, and a fingerprint that a later apply may ask for."""

    steps: list[Step]

    @property
    def is_possible(self) -> bool:
        return all(step.action != "error" for step in self.steps)

    @property
    def fingerprint(self) -> str:
        told = [(s.action, s.slug, s.channel, s.path, s.changes) for s in self.steps]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:32]


def plan_files(service: Service, files: Mapping[str, str], *, archive_missing: bool, by: Actor) -> Plan:
    """What `apply_files` would do; changes nothing. Refuses people without manage_templates."""
    require(by, service, MANAGE_TEMPLATES)
    known = {template.slug: template for template in _templates(service)}
    steps: list[Step] = []
    seen: set[str] = set()
    for file in _read(files):
        step = _step(service, file, known.get(file.slug))
        if file.slug in seen:
            step = Step("error", file.slug, file.channel, file.path, problems=["Two files have this short name"])
        seen.add(file.slug)
        steps.append(step)
    if archive_missing:
        steps += [Step("archive", t.slug, t.channel) for slug, t in sorted(known.items()) if slug not in seen]
    return Plan(steps)


def apply_files(
    service: Service, files: Mapping[str, str], *, archive_missing: bool, by: Actor, expected: str | None = None
) -> Plan:
    """Create, change and (if asked) archive templates so that they are as the files say; all or nothing.

    Refuses (ActionRefused) when a file cannot be used, and when `expected` is the fingerprint of another plan: the
    templates have changed since it was made.
    """
    require(by, service, MANAGE_TEMPLATES)
    with transaction.atomic():
        Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        plan = plan_files(service, files, archive_missing=archive_missing, by=by)
        if expected is not None and expected != plan.fingerprint:
            raise ActionRefused(Reason("plan_changed", "The templates have changed since the plan was made"))
        if not plan.is_possible:
            raise ActionRefused(*[Reason("file", f"{s.path}: {problem}", s.path) for s in plan.steps for problem in s.problems])
        known = {template.slug: template for template in _templates(service)}
        by_path = {file.path: file for file in _read(files)}
        for step in plan.steps:
            _take(service, step, by_path.get(step.path), known.get(step.slug), by)
    return plan


def export_files(service: Service) -> dict[str, str]:
    """Every template as a file, in the form that `apply_files` takes."""
    paths = _folder_paths(service)
    found = {}
    for template in _templates(service):
        version = template.versions.get(number=template.version)
        words = TemplateContent.of(version).as_fields()
        folders = paths[template.folder_id] if template.folder_id else ()
        path, text = write_file(template.slug, template.channel, folders, words["body"], words)
        found[path] = text
    return dict(sorted(found.items()))


def _templates(service: Service) -> list[MessageTemplate]:
    return list(MessageTemplate.objects.usable().filter(service=service).order_by("slug"))


def _read(files: Mapping[str, str]) -> list[MarkdownTemplate]:
    return [read_file(path, text) for path, text in sorted(files.items())]


def _step(service: Service, file: MarkdownTemplate, template: MessageTemplate | None) -> Step:
    step = Step("create", file.slug, file.channel, file.path, problems=list(file.problems))
    if file.problems:
        step.action = "error"
        return step
    if template is not None and template.channel != file.channel:
        step.problems.append(f"The template of this short name is for another channel ({template.channel})")
    if template is None and not service.has_permission(file.channel):
        step.problems.append("Your service cannot send this kind of message")
    latest = TemplateContent.of(template.versions.get(number=template.version)) if template is not None else None
    words = _words(file, latest)
    try:
        check_words(service, file.channel, words)
    except ActionRefused as refused:
        step.problems += [reason.message for reason in refused.reasons]
    if step.problems:
        step.action = "error"
    elif template is not None and latest is not None:
        step.changes = _changes(service, file, template, latest, words)
        step.action = "update" if step.changes else "unchanged"
    return step


def _words(file: MarkdownTemplate, latest: TemplateContent | None) -> TemplateContent:
    """What the file says. It cannot say which sender address a letter has, so that stays as it is.

    A file that does not name its formatted placeholders comes from a system where every value was: they stay so.
    """
    contact = latest.letter_contact if latest is not None else None
    values = {name: value for name, value in file.settings.items() if value is not None}
    if "formatted_placeholders" not in values and file.channel == "email":
        content = MessageContent(channel=file.channel, body=file.body, subject=values.get("subject", ""))
        values["formatted_placeholders"] = latest.formatted_placeholders if latest is not None else placeholders(content)
    if file.channel == "letter":
        values.setdefault("postage", "second")
    return TemplateContent(body=file.body, letter_contact=contact, **values)


def _changes(
    service: Service, file: MarkdownTemplate, template: MessageTemplate, latest: TemplateContent, words: TemplateContent
) -> dict[str, list[Any]]:
    before, after = latest.as_fields(), words.as_fields()
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    folders = _folder_paths(service)[template.folder_id] if template.folder_id else ()
    if folders != file.folders:
        changes["folder"] = ["/".join(folders), "/".join(file.folders)]
    return changes


def _take(service: Service, step: Step, file: MarkdownTemplate | None, template: MessageTemplate | None, by: Actor) -> None:
    if step.action == "archive" and template is not None:
        archive_template(template, by=by)
        return
    if file is None or step.action == "unchanged":
        return
    folder = _folder(service, file.folders, by)
    if template is None:
        create_template(service, channel=file.channel, words=_words(file, None), by=by, folder=folder, slug=file.slug)
        return
    template.service = service
    if set(step.changes) - {"folder"}:
        latest = TemplateContent.of(template.versions.get(number=template.version))
        edit_template(template, words=_words(file, latest), by=by)
    if "folder" in step.changes:
        move_template(template, to=folder, by=by)


def _folder(service: Service, names: tuple[str, ...], by: Actor) -> TemplateFolder | None:
    """The folder at the end of a path of names, made where it is missing."""
    folder: TemplateFolder | None = None
    for name in names:
        found = TemplateFolder.objects.filter(service=service, parent=folder, name=name).first()
        folder = found or create_folder(service, name=name, parent=folder, by=by)
    return folder


def _folder_paths(service: Service) -> dict[Any, tuple[str, ...]]:
    """The names on the way to each folder."""
    folders = {folder.pk: folder for folder in TemplateFolder.objects.filter(service=service)}

    def path(pk: Any) -> tuple[str, ...]:
        folder = folders[pk]
        return (*(path(folder.parent_id) if folder.parent_id else ()), folder.name)

    return {pk: path(pk) for pk in folders}
