"""People in the back office."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounts.actions import people
from accounts.models import User
from notify.lib import back_office
from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin, ReasonForm


class SignInMethodForm(forms.Form):
    method = forms.ChoiceField(
        label="After the password",
        choices=[(str(m.value), m.label) for m in (User.SignInMethod.SMS, User.SignInMethod.EMAIL)],
        widget=forms.RadioSelect,
    )


class IdentityReasonForm(ReasonForm):
    reason = forms.CharField(
        label="How did you make sure that it is this person who asks?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class GroupsForm(forms.Form):
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple, help_text="None: no staff."
    )


def _open(user: User) -> bool:
    return user.archived_at is None


@admin.register(User)
class UserAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "method",
            "Change how they sign in",
            people.change_sign_in_method,
            people.CHANGE,
            SignInMethodForm,
            initial=lambda user: {"method": user.sign_in_method},
            shown=_open,
            sensitive=True,
        ),
        ActionLink(
            "second-factor",
            "Reset second factor",
            people.reset_second_factor,
            people.CHANGE,
            IdentityReasonForm,
            shown=_open,
            explain="Their passkeys and apps are forgotten and they are signed out everywhere. They sign in with a code then.",
            danger=True,
            sensitive=True,
        ),
        ActionLink("sessions", "Sign out everywhere", people.end_sessions, people.CHANGE, shown=_open),
        ActionLink(
            "groups",
            "Change back-office groups",
            people.set_staff_groups,
            people.CHANGE,
            GroupsForm,
            initial=lambda user: {"groups": list(user.groups.all())},
            shown=_open,
            explain="Only superusers can do this.",
            sensitive=True,
        ),
        ActionLink(
            "archive",
            "Archive",
            people.archive_user,
            people.CHANGE,
            shown=_open,
            blockers=people.archive_blockers,
            explain="They are signed out, leave every team, and their email address becomes free. This cannot be taken back.",
            danger=True,
            sensitive=True,
        ),
    )
    list_display = ("email", "name", "sign_in_method", "is_staff", "is_active", "last_login", "created_at")
    list_filter = ("is_staff", "is_active", "sign_in_method", "groups")
    search_fields = ("email", "name")
    ordering = ("email",)
    fields = (
        "email", "name", "mobile_number", "mobile_verified", "sign_in_method", "is_active", "archived_at", "is_staff",
        "is_superuser", "its_groups", "services", "organisations", "last_login", "failed_sign_ins", "created_at", "history",
    )  # fmt: skip
    readonly_fields = ("its_groups", "services", "organisations", "history")

    @admin.display(description="back-office groups")
    def its_groups(self, user: User) -> str:
        return ", ".join(user.groups.values_list("name", flat=True)) or "None"

    @admin.display(description="services")
    def services(self, user: User) -> str:
        found = user.service_memberships.select_related("service").order_by("service__name")
        rows = ((reverse("admin:services_service_change", args=[m.service_id]), m.service) for m in found)
        return format_html_join("", '<a href="{}">{}</a><br>', rows) or "None"

    @admin.display(description="organisations")
    def organisations(self, user: User) -> str:
        found = user.organisation_memberships.select_related("organisation").order_by("organisation__name")
        rows = ((reverse("admin:organisations_organisation_change", args=[m.organisation_id]), m.organisation) for m in found)
        return format_html_join("", '<a href="{}">{}</a><br>', rows) or "None"

    @admin.display(description="history")
    def history(self, user: User) -> str:
        return format_html('<a href="{}?q={}">What they did</a>', reverse("admin:audit_auditevent_changelist"), user.pk)


@back_office.finders.fill
def find_people(text: str, user: User) -> Iterator[back_office.Found]:
    """By id, email address or name."""
    if not user.has_perm("accounts.view_user"):
        return
    key = back_office.as_uuid(text)
    wanted = Q(pk=key) if key else Q(email__icontains=text) | Q(name__icontains=text)
    for person in User.objects.filter(wanted).order_by("email")[:20]:
        detail = person.email + ("" if person.is_active else " – closed")
        yield back_office.Found("Person", person.name, detail, reverse("admin:accounts_user_change", args=[person.pk]))


class PeopleForm(forms.Form):
    created_from = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    created_to = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    signed_in_from = forms.DateField(
        label="Last signed in from", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    signed_in_to = forms.DateField(label="Last signed in to", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.values()) and not self.errors:
            raise forms.ValidationError("Choose at least one date")
        for kind in ("created", "signed_in"):
            first, last = data.get(f"{kind}_from"), data.get(f"{kind}_to")
            if first and last and last < first:
                self.add_error(f"{kind}_to", "The last day must not be before the first")
        return data


def _people(
    created_from: date | None, created_to: date | None, signed_in_from: date | None, signed_in_to: date | None
) -> Iterator[tuple[Any, ...]]:
    yield ("Name", "Email address", "Created", "Last signed in", "Signs in with", "Services")
    bounds = {
        "created_at__date__gte": created_from,
        "created_at__date__lte": created_to,
        "last_login__date__gte": signed_in_from,
        "last_login__date__lte": signed_in_to,
    }
    found = User.objects.filter(is_active=True, **{bound: day for bound, day in bounds.items() if day}).order_by("email")
    for person in found.prefetch_related("service_memberships__service").iterator(chunk_size=500):
        services = ", ".join(sorted(m.service.name for m in person.service_memberships.all()))
        last = person.last_login.date().isoformat() if person.last_login else ""
        created = person.created_at.date().isoformat()
        yield (person.name, person.email, created, last, person.get_sign_in_method_display(), services)


back_office.register_report(
    back_office.Report(
        slug="people",
        title="People",
        description="Active accounts by when they were made and last used, with their services.",
        permission="accounts.view_user",
        rows=_people,
        form=PeopleForm,
    )
)
