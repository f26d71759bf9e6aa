"""What staff do with a service: each is a form, a permission and an action."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect

from accounts.models import User
from audit.actors import Actor
from branding.models import EmailBrand, LetterBrand
from notify.lib import clock
from notify.lib.admin import ActionLink, ReasonForm
from notify.lib.refusals import Reason
from services import rules
from services.access import CHANGE
from services.actions import branding, lifecycle, staff_settings, support
from services.admin.forms import (
    AllowanceForm,
    CountForm,
    LimitsForm,
    LookForm,
    NotesForm,
    OrganisationForm,
    RateForm,
    ServiceEmailBrandForm,
    ServiceLetterBrandForm,
    ServicePermissionsForm,
)
from services.enums import ServiceState
from services.guards import checklist_complete, has_organisation, not_archived
from services.models import Service

APPROVE = "services.approve_go_live"


VIEW = "services.view_service"


CHOOSE_BRANDS = "organisations.choose_brands"


# --- What the buttons run ---------------------------------------------------------------------------------------------
def _look(service: Service, *, by: User, reason: str) -> HttpResponse:
    support.start(service, reason=reason, by=by)
    return HttpResponseRedirect(f"/services/{service.pk}")


def _act(service: Service, *, by: User, reason: str) -> HttpResponse:
    support.start(service, reason=reason, by=by, may_act=True)
    return HttpResponseRedirect(f"/services/{service.pk}")


def _set_email_brand(service: Service, *, by: Actor, brand: EmailBrand | None) -> None:
    branding.set_brand(service, "email", brand, by=by)


def _set_letter_brand(service: Service, *, by: Actor, brand: LetterBrand | None) -> None:
    branding.set_brand(service, "letter", brand, by=by)


def _is_pending(service: Service) -> bool:
    return service.state == ServiceState.PENDING and not_archived(service)


def _approval_blockers(service: Service) -> list[Reason]:
    """What the guards of the approval would refuse, before anybody presses the button."""
    reasons = [Reason(reason.code, f"Not done yet: {reason}") for reason in checklist_complete.reasons(service)]
    if not has_organisation(service):
        reasons.append(Reason("organisation", "Link the service to an organisation first"))
    return reasons


def _fields(form: type[forms.Form]) -> Any:
    return lambda service: {name: getattr(service, name) for name in form.base_fields}


def _limits(service: Service) -> dict[str, Any]:
    return {channel: getattr(service, f"{channel}_limit_override") for channel in staff_settings.LIMITS}


def _allowance(service: Service) -> dict[str, Any]:
    return {"free_sms_fragments": rules.free_sms_fragments(service, clock.financial_year(clock.local_day()))}


SERVICE_LINKS = (
    ActionLink(
        "approve",
        "Approve: make it live",
        lifecycle.approve_go_live,
        APPROVE,
        shown=_is_pending,
        blockers=_approval_blockers,
        explain="Everybody on the team gets an email. The service may send to anybody, with the limits of a live service.",
        sensitive=True,
    ),
    ActionLink(
        "reject",
        "Reject the go-live request",
        lifecycle.reject_go_live,
        APPROVE,
        ReasonForm,
        shown=_is_pending,
        explain="The person who asked gets an email with the reason and your address.",
    ),
    ActionLink(
        "look",
        "Look into the service",
        _look,
        support.LOOK,
        LookForm,
        explain="For half an hour you see what the team sees and can change nothing. It is recorded.",
    ),
    ActionLink(
        "act",
        "Act for the service",
        _act,
        support.ACT,
        LookForm,
        shown=not_archived,
        explain="For half an hour you can do what the team can. Everything is recorded under your name.",
        sensitive=True,
    ),
    ActionLink(
        "link",
        "Link to an organisation",
        staff_settings.link_organisation,
        CHANGE,
        OrganisationForm,
        initial=lambda service: {"organisation": service.organisation_id},
        shown=not_archived,
        explain="The service takes its type and crown status, and its brands where it has none. An open go-live request ends.",
    ),
    ActionLink(
        "limits",
        "Change daily limits",
        staff_settings.set_daily_limits,
        CHANGE,
        LimitsForm,
        initial=_limits,
        explain="Leave a box empty for the limit of the service’s type and state.",
    ),
    ActionLink("rate", "Change rate limit", staff_settings.set_rate_limit, CHANGE, RateForm, initial=_fields(RateForm)),
    ActionLink(
        "allowance",
        "Change free allowance",
        staff_settings.set_free_allowance,
        CHANGE,
        AllowanceForm,
        initial=_allowance,
        explain="From this financial year on, until it is changed again.",
    ),
    ActionLink(
        "permissions",
        "Change permissions",
        staff_settings.set_permissions,
        CHANGE,
        ServicePermissionsForm,
        initial=_fields(ServicePermissionsForm),
    ),
    ActionLink(
        "email-brand",
        "Set email brand",
        _set_email_brand,
        CHOOSE_BRANDS,
        ServiceEmailBrandForm,
        initial=lambda service: {"brand": service.email_brand_id},
    ),
    ActionLink(
        "letter-brand",
        "Set letter brand",
        _set_letter_brand,
        CHOOSE_BRANDS,
        ServiceLetterBrandForm,
        initial=lambda service: {"brand": service.letter_brand_id},
    ),
    ActionLink(
        "count",
        "Count as live or not",
        staff_settings.set_counts_as_live,
        CHANGE,
        CountForm,
        initial=_fields(CountForm),
    ),
    ActionLink(
        "notes",
        "Billing and notes",
        staff_settings.set_notes_and_billing,
        CHANGE,
        NotesForm,
        initial=_fields(NotesForm),
    ),
    ActionLink(
        "trial",
        "Return to trial mode",
        lifecycle.return_to_trial,
        CHANGE,
        ReasonForm,
        shown=lambda service: service.is_live and not_archived(service),
        explain=(
            "Live keys stop reaching strangers at once, and the limits of trial mode apply. "
            "The team gets an email with your reason."
        ),
        danger=True,
        sensitive=True,
    ),
    ActionLink(
        "suspend",
        "Suspend",
        lifecycle.suspend,
        CHANGE,
        ReasonForm,
        shown=lambda service: service.is_active,
        explain=(
            "API keys are refused and pages cannot send until you resume it. Messages that wait or are scheduled are kept, and "
            "sent afterwards. The team gets an email with your reason."
        ),
        danger=True,
        sensitive=True,
    ),
    ActionLink(
        "resume",
        "Resume",
        lifecycle.resume,
        CHANGE,
        shown=lambda service: service.suspended_at is not None and not_archived(service),
        explain="API keys work again, and messages that waited are sent. The team gets an email.",
    ),
    ActionLink(
        "archive",
        "Archive",
        lifecycle.archive,
        CHANGE,
        shown=not_archived,
        explain=(
            "Its API keys stop working for good, messages that wait or are scheduled are never sent, its name becomes "
            "free, and its team gets an email and cannot open it. It can be restored for 7 days; its keys and messages cannot."
        ),
        danger=True,
        sensitive=True,
    ),
    ActionLink(
        "restore",
        "Restore",
        lifecycle.restore,
        CHANGE,
        shown=lambda service: not not_archived(service),
        explain="Its team can open it again and gets an email. API keys stay revoked, and unsent messages stay unsent.",
    ),
)
