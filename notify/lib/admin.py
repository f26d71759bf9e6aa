"""What every page of the back office is made of: read-only objects, and buttons that run actions.

Nobody edits a row here. A button is an `ActionLink`: form → permission → the same action function that the web pages and
the API call, with the signed-in person as `by`. So a rule stands once, and every change is audited.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from notify.lib.refusals import ActionRefused, PermissionRefused, Reason
from notify.lib.views import add_refusal


def _always(obj: object) -> bool:
    return True


def _nothing(obj: object) -> dict[str, Any]:
    return {}


def _no_reasons(obj: object) -> list[Reason]:
    return []


class ConfirmForm(forms.Form):
    """A button that asks nothing but "are you sure"."""


class ReasonForm(forms.Form):
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, help_text="The team reads this.")


@dataclass(frozen=True)
class ActionLink:
    """One button of an object's page. `run(obj, by=user, **cleaned_data)` may raise ActionRefused.

    A link without an object (`on_list=True`) stands on the list and calls `run(by=user, **cleaned_data)`.
    """

    slug: str
    label: str
    run: Callable[..., Any]
    permission: str
    form: type[forms.Form] = ConfirmForm
    initial: Callable[[Any], dict[str, Any]] = _nothing
    shown: Callable[[Any], bool] = _always
    # What stands in the way, shown above the form: the very list that the action refuses with.
    blockers: Callable[[Any], Iterable[Reason]] = _no_reasons
    explain: str = ""
    done: str = ""
    danger: bool = False
    # Asks people to prove again who they are when they last did so more than half an hour ago.
    sensitive: bool = False
    on_list: bool = False


class CappedPaginator(Paginator):
    """Counts no further than a cap: "more than 5,000" is enough to know for a person who looks at a list."""

    cap = 5_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if hasattr(rows, "values"):
            return rows.order_by().values("pk")[: self.cap].count()
        return len(rows)


class BackOfficeChangeList(ChangeList):
    def get_queryset(self, request: HttpRequest, exclude_parameters: list[str | None] | None = None) -> Any:
        """Paste an id into the search box and find the thing."""
        queryset = super().get_queryset(request, exclude_parameters)
        try:
            key = uuid.UUID(self.query.strip())
        except ValueError:
            return queryset
        if self.lookup_opts.pk is None or self.lookup_opts.pk.get_internal_type() != "UUIDField":
            return queryset
        by_key = self.root_queryset.filter(pk=key)
        return by_key if by_key.exists() else queryset


class ReadOnlyAdmin(admin.ModelAdmin):
    """An object page where nothing can be typed. Fields are what `fields`/`fieldsets` name, else all of them."""

    show_full_result_count = False
    # Facets would count every answer of every filter.
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    list_per_page = 50
    actions = None
    # Columns of the list that lead nowhere else keep to one query: name foreign keys here.
    list_select_related: ClassVar[Any] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return BackOfficeChangeList

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@dataclass
class _Shown:
    """A button on a page."""

    link: ActionLink
    url: str
    label: str = field(init=False)
    danger: bool = field(init=False)

    def __post_init__(self) -> None:
        self.label, self.danger = self.link.label, self.link.danger


class ActionLinksMixin(admin.ModelAdmin):
    """Buttons on the object page and on the list, each with its own address, form, permission and action."""

    action_links: ClassVar[tuple[ActionLink, ...]] = ()
    change_form_template = "admin/object_with_actions.html"
    change_list_template = "admin/list_with_actions.html"

    def get_urls(self) -> list[Any]:
        info = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("do/<slug:slug>/", wrap(self.list_action_view), name=f"{info}_do_new"),
            path("<path:object_id>/do/<slug:slug>/", wrap(self.object_action_view), name=f"{info}_do"),
            *super().get_urls(),
        ]

    def links_for(self, request: HttpRequest, obj: Any | None) -> list[_Shown]:
        """The buttons this person may press here and now."""
        info = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        shown = []
        for link in self.action_links:
            if link.on_list != (obj is None) or not request.user.has_perm(link.permission):
                continue
            if obj is None:
                shown.append(_Shown(link, reverse(f"{info}_do_new", args=[link.slug])))
            elif link.shown(obj):
                shown.append(_Shown(link, reverse(f"{info}_do", args=[obj.pk, link.slug])))
        return shown

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        links = self.links_for(request, obj) if obj is not None else []
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"action_links": links})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | {"action_links": self.links_for(request, None)})

    @method_decorator(never_cache)
    def list_action_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._run(request, None, slug)

    @method_decorator(never_cache)
    def object_action_view(self, request: HttpRequest, object_id: str, slug: str) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        return self._run(request, obj, slug)

    def _run(self, request: HttpRequest, obj: Any | None, slug: str) -> HttpResponse:
        link = next((x for x in self.action_links if x.slug == slug and x.on_list == (obj is None)), None)
        if link is None:
            raise Http404
        if not request.user.has_perm(link.permission):
            raise PermissionDenied
        if link.sensitive and (answer := self.admin_site.confirm_identity(request)) is not None:  # type: ignore[attr-defined]
            return answer
        initial = link.initial(obj)
        pressed = request.method == "POST"
        form = link.form(request.POST if pressed else None, request.FILES if pressed else None, initial=initial)
        if pressed and form.is_valid():
            answer = self._press(request, obj, link, form)
            if answer is not None:
                return answer
        return self._form_page(request, obj, link, form)

    def _press(self, request: HttpRequest, obj: Any | None, link: ActionLink, form: forms.Form) -> HttpResponse | None:
        """Run the action: an answer when it is done, None when it was refused and the form says why."""
        arguments = () if obj is None else (obj,)
        try:
            result = link.run(*arguments, by=request.user, **form.cleaned_data)
        except PermissionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except ActionRefused as refusal:
            add_refusal(form, refusal)
            return None
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            return None
        if isinstance(result, HttpResponse):
            return result
        messages.success(request, link.done or f"Done: {link.label}")
        return HttpResponseRedirect(self._after(obj, result))

    def _after(self, obj: Any | None, result: object) -> str:
        info = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        found = result if isinstance(result, self.model) else obj
        if found is not None and type(found)._default_manager.filter(pk=found.pk).exists():
            return reverse(f"{info}_change", args=[found.pk])
        return reverse(f"{info}_changelist")

    def _form_page(self, request: HttpRequest, obj: Any | None, link: ActionLink, form: forms.Form) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": link.label,
            "link": link,
            "object": obj,
            "opts": self.opts,
            "form": form,
            "blockers": list(link.blockers(obj)) if obj is not None else [],
            "back": self._after(obj, None),
        }
        status = 422 if form.errors else 200
        return render(request, "admin/action_form.html", context, status=status)
