"""Templates: the list, one template, its versions, and writing."""

import difflib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.generic import TemplateView, View

from content import MessageContent, placeholders, render_preview_html, render_sms, render_subject_preview
from messaging.message_templates.actions import folders as folder_actions
from messaging.message_templates.actions import templates as actions
from messaging.message_templates.forms.templates import AddTemplateForm, FolderForm, MoveForm, TemplateForm
from messaging.message_templates.models import MessageTemplate, TemplateFolder, TemplateVersion
from messaging.message_templates.queries.folder_tree import FolderTree
from messaging.message_templates.queries.templates import content_of
from notify.lib.refusals import ActionRefused
from notify.lib.views import ActionFormView, ConfirmView, uuid_or_404
from services.access import ServiceAccessMixin
from services.enums import Channel
from services.models import Service
from services.permissions import MANAGE_TEMPLATES, SEND_MESSAGES
from services.rules import sms_prefix

SEARCH_FROM = 7
VERSIONS_PER_PAGE = 25


class TemplatesMixin(ServiceAccessMixin):
    """Folders and templates as the person in front of the page may see them."""

    @property
    def tree(self) -> FolderTree:
        found: FolderTree | None = self.__dict__.get("_tree")
        if found is None:
            found = self.__dict__["_tree"] = FolderTree(self.service, self.person.pk)
        return found

    def get_folder(self, folder_id: UUID | None) -> TemplateFolder | None:
        if folder_id is None:
            return None
        if folder_id not in self.tree.folders:
            raise Http404
        return self.tree.folders[folder_id]

    def get_template(self, *, archived: bool = True) -> MessageTemplate:
        query = MessageTemplate.objects.select_related("service").shown()
        if not archived:
            query = query.active()
        template = get_object_or_404(query, pk=self.kwargs["template_id"], service=self.service)
        if not self.tree.sees(template):
            raise Http404
        return template

    def template_url(self, template: MessageTemplate, name: str = "template-detail") -> str:
        return reverse(f"message_templates:{name}", kwargs={"service_id": self.service.pk, "template_id": template.pk})

    def list_url(self, folder_id: UUID | None = None) -> str:
        if folder_id is None:
            return reverse("message_templates:template-list", kwargs={"service_id": self.service.pk})
        return reverse("message_templates:folder-detail", kwargs={"service_id": self.service.pk, "folder_id": folder_id})


def preview_of(content: MessageContent, service: Service, values: dict[str, Any] | None = None) -> dict[str, Any]:
    """What components/message_preview.html shows, with placeholders highlighted."""
    prefix = sms_prefix(service) if content.channel == Channel.SMS else None
    # The text engine returns safe HTML: recipients' data and templates alike are escaped there.
    return {
        "channel": content.channel,
        "preview": mark_safe(render_preview_html(content, values, prefix=prefix)),
        "subject": mark_safe(render_subject_preview(content, values)) if content.subject else "",
    }


class TemplateListView(TemplatesMixin, TemplateView):
    open_to_organisation = True
    template_name = "message_templates/template_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        folder = self.get_folder(self.kwargs.get("folder_id"))
        search = self.request.GET.get("search", "").strip()
        chosen = self.request.GET.get("type", "")
        query = MessageTemplate.objects.usable().filter(service=self.service)
        every = self.tree.visible(query.order_by("name", "channel"))
        templates = [t for t in every if not chosen or t.channel == chosen]
        if search:
            templates = [t for t in templates if search.lower() in t.name.lower() or search == str(t.pk)]
        else:
            templates = [t for t in templates if t.folder_id == (folder.pk if folder else None)]
        children = [] if search else self.tree.children(folder.pk if folder else None)
        return super().get_context_data(
            page_title=folder.name if folder else "Templates",
            folder=folder,
            path=self.tree.path(folder.pk)[:-1] if folder else [],
            folders=[(child, sum(t.folder_id == child.pk for t in every)) for child in children],
            templates=templates,
            search=search,
            shows_search=len(every) + len(self.tree.folders) > SEARCH_FROM,
            types=[(c.value, c.label, c.value == chosen) for c in Channel if any(t.channel == c for t in every)],
            may_manage=self.may(MANAGE_TEMPLATES),
            nav_current="templates",
            **kwargs,
        )


class TemplateDetailView(TemplatesMixin, TemplateView):
    open_to_organisation = True
    template_name = "message_templates/template_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        template = self.get_template()
        version = template.versions.select_related("letter_contact").get(number=template.version)
        content = content_of(template, version)
        return super().get_context_data(
            page_title=template.name,
            template=template,
            version=version,
            message=preview_of(content, self.service),
            placeholders=placeholders(content),
            draft=getattr(template, "draft", None),
            path=self.tree.path(template.folder_id),
            may_manage=self.may(MANAGE_TEMPLATES) and template.archived_at is None,
            may_send=self.may(SEND_MESSAGES) and template.archived_at is None,
            nav_current="templates",
            **kwargs,
        )


class TemplateAddView(TemplatesMixin, ActionFormView):
    """Which kind of template."""

    needs = MANAGE_TEMPLATES
    form_class = AddTemplateForm
    page_title = "New template"
    button = "Continue"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"service": self.service}

    def get_back_href(self) -> str:
        return self.list_url()

    def act(self, form: AddTemplateForm) -> HttpResponse:
        url = reverse(
            "message_templates:template-create",
            kwargs={"service_id": self.service.pk, "channel": form.cleaned_data["channel"]},
        )
        folder = self.request.GET.get("folder")
        return redirect(f"{url}?folder={folder}" if folder else url)


class TemplateWriteView(TemplatesMixin, ActionFormView):
    """What writing a new and changing an old template share: the editor with its live preview."""

    needs = MANAGE_TEMPLATES
    form_class = TemplateForm
    template_name = "message_templates/template_form.html"
    channel = ""
    template: MessageTemplate | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "service": self.service,
            "channel": self.channel,
            "template": self.template,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        body = (form.data if form.is_bound else form.initial).get("body") or ""
        subject = (form.data if form.is_bound else form.initial).get("subject") or ""
        preview_url = reverse(
            "message_templates:template-preview", kwargs={"service_id": self.service.pk, "channel": self.channel}
        )
        return (
            context
            | editor_preview(self.service, self.channel, subject, body)
            | {
                "preview_url": preview_url,
                "channel": self.channel,
            }
        )


def editor_preview(service: Service, channel: str, subject: str, body: str) -> dict[str, Any]:
    """The preview beside the editor, with the number of text message parts."""
    content = MessageContent(channel=channel, body=body, subject=subject)
    shown: dict[str, Any] = {"message": preview_of(content, service) if body.strip() else None}
    if channel == Channel.SMS:
        rendered = render_sms(content, {}, prefix=sms_prefix(service))
        shown["size"] = {
            "fragments": max(rendered.fragments, 1),
            "characters": rendered.characters,
            "too_long": rendered.too_long,
            "has_placeholders": bool(placeholders(content)),
        }
    return shown


class TemplatePreviewView(ServiceAccessMixin, TemplateView):
    """The preview while somebody types; asked for by the page's script only."""

    needs = MANAGE_TEMPLATES
    template_name = "message_templates/template_preview.html"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        channel = kwargs["channel"]
        if channel not in Channel.values:
            raise Http404
        subject, body = request.POST.get("subject", "")[:10_000], request.POST.get("body", "")[:200_000]
        return self.render_to_response(editor_preview(self.service, channel, subject, body) | {"channel": channel})


class TemplateCreateView(TemplateWriteView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["channel"] not in Channel.values:
            raise Http404
        self.channel = kwargs["channel"]
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return f"New {Channel(self.channel).label.lower()} template"

    def get_back_href(self) -> str:
        return self.list_url()

    def act(self, form: TemplateForm) -> HttpResponse:
        found = self.get_folder(uuid_or_404(self.request.GET.get("folder")))
        template = actions.create_template(self.service, channel=self.channel, words=form.words(), by=self.person, folder=found)
        if form.cleaned_data.get("is_urgent"):
            actions.set_urgent(template, on=True, by=self.person)
        return redirect(self.template_url(template))


class TemplateEditView(TemplateWriteView):
    """Change a template. New placeholders break systems that send it, so these are asked about first."""

    def get_form_kwargs(self) -> dict[str, Any]:
        self.template = self.get_template(archived=False)
        self.channel = self.template.channel
        return super().get_form_kwargs()

    def get_page_title(self) -> str:
        return "Edit template"

    def get_back_href(self) -> str:
        return self.template_url(self.get_template())

    def get_initial(self) -> dict[str, Any]:
        template = self.get_template(archived=False)
        draft = getattr(template, "draft", None)
        source = draft or template.versions.get(number=template.version)
        return actions.TemplateContent.of(source).as_fields() | {"is_urgent": template.is_urgent}

    def act(self, form: TemplateForm) -> HttpResponse | None:
        assert self.template is not None
        words = form.words()
        verb = self.request.POST.get("verb", "publish")
        if verb == "draft" or self.service.templates_need_approval:
            actions.save_draft(self.template, words=words, by=self.person)
            if verb != "draft":
                actions.ask_for_approval(self.template, by=self.person)
            return redirect(self.template_url(self.template))
        added = self._added_placeholders(words)
        if added and self.service.api_keys.exists() and "confirm" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, added=added))
        actions.edit_template(self.template, words=words, by=self.person)
        actions.set_urgent(self.template, on=form.cleaned_data.get("is_urgent", False), by=self.person)
        return redirect(self.template_url(self.template))

    def _added_placeholders(self, words: actions.TemplateContent) -> list[str]:
        assert self.template is not None
        latest = self.template.versions.get(number=self.template.version)
        before = set(placeholders(actions.content_from(self.channel, actions.TemplateContent.of(latest))))
        return [p for p in placeholders(actions.content_from(self.channel, words)) if p not in before]


class TemplateDraftView(TemplatesMixin, View):
    """Publish the draft, or throw it away."""

    needs = MANAGE_TEMPLATES
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        template = self.get_template(archived=False)
        verbs = {"publish": actions.publish_draft, "discard": actions.discard_draft, "ask": actions.ask_for_approval}
        act = verbs.get(request.POST.get("verb", ""))
        if act is None:
            raise Http404
        try:
            act(template, by=self.person)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(self.template_url(template))


class TemplateDeleteView(TemplatesMixin, ConfirmView):
    needs = MANAGE_TEMPLATES
    button = "Yes, delete"

    def get_page_title(self) -> str:
        return f"Are you sure you want to delete ‘{self.get_template().name}’?"

    def get_consequences(self) -> list[str]:
        return [
            actions.last_used_message(self.get_template()),
            "Systems that send it will get an error",
            "Messages that were made with it stay readable",
        ]

    def get_back_href(self) -> str:
        return self.template_url(self.get_template())

    def act(self, form: Form) -> None:
        actions.archive_template(self.get_template(archived=False), by=self.person)

    def get_success_url(self) -> str:
        return self.list_url()


class TemplateRedactView(TemplatesMixin, ConfirmView):
    needs = MANAGE_TEMPLATES
    button = "Hide personal data"

    def get_page_title(self) -> str:
        return "Are you sure you want to hide personal data in sent messages?"

    def get_consequences(self) -> list[str]:
        return ["Your team will see messages of this template without people’s details", "You cannot undo this"]

    def get_back_href(self) -> str:
        return self.template_url(self.get_template())

    get_success_url = get_back_href

    def act(self, form: Form) -> None:
        actions.redact_template(self.get_template(archived=False), by=self.person)


class TemplateVersionsView(TemplatesMixin, TemplateView):
    """Every version, each with what changed against the one before it."""

    template_name = "message_templates/template_versions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        template = self.get_template()
        before = self.request.GET.get("before", "")
        query = template.versions.select_related("created_by").order_by("-number")
        if before.isdigit():
            query = query.filter(number__lt=int(before))
        found = list(query[: VERSIONS_PER_PAGE + 1])
        shown = found[:VERSIONS_PER_PAGE]
        older = {version.number: version for version in found}
        rows = [{"version": version, "changes": changes(older.get(version.number - 1), version)} for version in shown]
        return super().get_context_data(
            page_title="Previous versions",
            template=template,
            rows=rows,
            next_href=f"?before={shown[-1].number}" if len(found) > VERSIONS_PER_PAGE else "",
            may_manage=self.may(MANAGE_TEMPLATES) and template.archived_at is None,
            back_href=self.template_url(template),
            nav_current="templates",
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        template = self.get_template(archived=False)
        number = request.POST.get("number", "")
        if not self.may(MANAGE_TEMPLATES) or not number.isdigit():
            raise Http404
        actions.restore_version(template, number=int(number), by=self.person)
        return redirect(self.template_url(template))


def changes(old: TemplateVersion | None, new: TemplateVersion) -> list[tuple[str, str]]:
    """A version as pieces of text: ("same" | "added" | "removed", words), against the one before it."""
    before = f"{old.subject}\n{old.body}".strip().split(" ") if old else []
    after = f"{new.subject}\n{new.body}".strip().split(" ")
    if old is None:
        return [("same", " ".join(after))]
    pieces: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if kind in ("delete", "replace"):
            pieces.append(("removed", " ".join(before[a:b])))
        if kind in ("insert", "replace"):
            pieces.append(("added", " ".join(after[c:d])))
        if kind == "equal":
            pieces.append(("same", " ".join(after[c:d])))
    return pieces


class FolderCreateView(TemplatesMixin, ActionFormView):
    needs = MANAGE_TEMPLATES
    form_class = FolderForm
    page_title = "New folder"
    button = "Add folder"

    def get_back_href(self) -> str:
        parent = self.get_folder(self.kwargs.get("folder_id"))
        return self.list_url(parent.pk if parent else None)

    def act(self, form: FolderForm) -> HttpResponse:
        parent = self.get_folder(self.kwargs.get("folder_id"))
        folder = folder_actions.create_folder(self.service, name=form.cleaned_data["name"], parent=parent, by=self.person)
        return redirect(self.list_url(folder.pk))


class FolderManageView(TemplatesMixin, ActionFormView):
    needs = MANAGE_TEMPLATES
    form_class = FolderForm
    template_name = "message_templates/folder_form.html"
    page_title = "Manage folder"

    def get_initial(self) -> dict[str, Any]:
        folder = self.get_folder(self.kwargs["folder_id"])
        return {"name": folder.name if folder else ""}

    def get_back_href(self) -> str:
        return self.list_url(self.kwargs["folder_id"])

    get_success_url = get_back_href

    def act(self, form: FolderForm) -> HttpResponse | None:
        folder = self.get_folder(self.kwargs["folder_id"])
        assert folder is not None
        if self.request.POST.get("verb") == "delete":
            folder_actions.delete_folder(folder, by=self.person)
            return redirect(self.list_url(folder.parent_id))
        folder_actions.rename_folder(folder, name=form.cleaned_data["name"], by=self.person)
        return None


class TemplateMoveView(TemplatesMixin, ActionFormView):
    needs = MANAGE_TEMPLATES
    form_class = MoveForm
    button = "Move"

    def get_page_title(self) -> str:
        return f"Move ‘{self.get_template().name}’"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"folders": self.tree.choices()}

    def get_initial(self) -> dict[str, Any]:
        return {"folder": str(self.get_template().folder_id or "")}

    def get_back_href(self) -> str:
        return self.template_url(self.get_template())

    get_success_url = get_back_href

    def act(self, form: MoveForm) -> None:
        chosen = form.cleaned_data["folder"]
        to = self.get_folder(UUID(chosen)) if chosen else None
        folder_actions.move_template(self.get_template(archived=False), to=to, by=self.person)
