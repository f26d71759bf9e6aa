"""What staff do with an organisation: each is a form, a permission and an action."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model

from audit.actors import Actor
from branding.models import EmailBrand, LetterBrand
from notify.lib.admin import ActionLink
from notify.lib.refusals import ActionRefused, Reason
from organisations.access import CHANGE, CHOOSE_BRANDS
from organisations.actions import brands, members, organisations
from organisations.admin.forms import (
    DefaultEmailBrandForm,
    DefaultLetterBrandForm,
    DomainsForm,
    NewOrganisationForm,
    OrganisationBillingForm,
    OrganisationMemberForm,
    OrganisationSettingsForm,
    PoolEmailBrandForm,
    PoolLetterBrandForm,
    RemoveMemberForm,
)
from organisations.models import Organisation

_AS_BOOL = {"yes": True, "no": False, "unknown": None}


_AS_WORD = {True: "yes", False: "no", None: "unknown"}


def _active(organisation: Organisation) -> bool:
    return organisation.archived_at is None


# --- What the buttons run ---------------------------------------------------------------------------------------------
def _create(*, by: Actor, crown: str, **data: Any) -> Organisation:
    return organisations.create_organisation(by=by, crown=_AS_BOOL[crown], **data)


def _change(organisation: Organisation, *, by: Actor, crown: str, agreement_signed: str, **data: Any) -> Organisation:
    known = {"crown": _AS_BOOL[crown], "agreement_signed": _AS_BOOL[agreement_signed]}
    return organisations.update_organisation(organisation, by=by, **known, **data)


def _current(organisation: Organisation) -> dict[str, Any]:
    data = {name: getattr(organisation, name) for name in OrganisationSettingsForm.base_fields}
    return data | {
        "crown": _AS_WORD[organisation.crown],
        "agreement_signed": _AS_WORD[organisation.agreement_signed],
    }


def _set_domains(organisation: Organisation, *, by: Actor, domains: str) -> None:
    organisations.set_domains(organisation, domains=domains.splitlines(), by=by)


def _invite(organisation: Organisation, *, by: Actor, email: str, permissions: list[str]) -> None:
    members.invite(organisation, email=email, permissions=permissions, by=by)


def _add_or_remove(organisation: Organisation, *, by: Actor, email: str) -> None:
    person = get_user_model()._default_manager.filter(email=email.strip().lower()).first()
    if person is None:
        raise ActionRefused(Reason("email", "Nobody has an account with this email address", "email"))
    members.remove_member(organisation, user=person, by=by)


def _pool_action(run: Callable[..., object]) -> Callable[..., None]:
    def action(organisation: Organisation, *, by: Actor, brand: EmailBrand | LetterBrand | None) -> None:
        run(organisation, brand, by=by)

    return action


def _default_action(kind: brands.Kind) -> Any:
    def action(organisation: Organisation, *, by: Actor, brand: EmailBrand | LetterBrand | None) -> None:
        brands.set_default(organisation, kind, brand, by=by)

    return action


_LINKS = (
    ActionLink("add", "Add an organisation", _create, "organisations.add_organisation", NewOrganisationForm, on_list=True),
    ActionLink("change", "Change settings", _change, CHANGE, OrganisationSettingsForm, initial=_current, shown=_active),
    ActionLink(
        "domains",
        "Change email domains",
        _set_domains,
        CHANGE,
        DomainsForm,
        initial=lambda organisation: {"domains": "\n".join(str(domain) for domain in organisation.domains.all())},
        shown=_active,
        explain="People with these addresses belong to the organisation, and services they add are linked to it.",
    ),
    ActionLink(
        "billing",
        "Change billing details and notes",
        organisations.update_organisation,
        CHANGE,
        OrganisationBillingForm,
        initial=lambda organisation: {name: getattr(organisation, name) for name in OrganisationBillingForm.base_fields},
        shown=_active,
    ),
    ActionLink("invite", "Invite a member", _invite, CHANGE, OrganisationMemberForm, shown=_active),
    ActionLink("remove-member", "Remove a member", _add_or_remove, CHANGE, RemoveMemberForm, shown=_active, danger=True),
    ActionLink(
        "email-pool", "Offer an email brand", _pool_action(brands.add_to_pool), CHOOSE_BRANDS, PoolEmailBrandForm, shown=_active
    ),
    ActionLink(
        "email-unpool",
        "Stop offering an email brand",
        _pool_action(brands.remove_from_pool),
        CHOOSE_BRANDS,
        PoolEmailBrandForm,
        shown=lambda organisation: _active(organisation) and organisation.email_brand_pool.exists(),
    ),
    ActionLink(
        "email-default",
        "Set the default email brand",
        _default_action("email"),
        CHOOSE_BRANDS,
        DefaultEmailBrandForm,
        initial=lambda organisation: {"brand": organisation.default_email_brand_id},
        shown=_active,
        explain="Services that have no brand take it at once; the others keep theirs.",
    ),
    ActionLink(
        "letter-pool",
        "Offer a letter brand",
        _pool_action(brands.add_to_pool),
        CHOOSE_BRANDS,
        PoolLetterBrandForm,
        shown=_active,
    ),
    ActionLink(
        "letter-unpool",
        "Stop offering a letter brand",
        _pool_action(brands.remove_from_pool),
        CHOOSE_BRANDS,
        PoolLetterBrandForm,
        shown=lambda organisation: _active(organisation) and organisation.letter_brand_pool.exists(),
    ),
    ActionLink(
        "letter-default",
        "Set the default letter brand",
        _default_action("letter"),
        CHOOSE_BRANDS,
        DefaultLetterBrandForm,
        initial=lambda organisation: {"brand": organisation.default_letter_brand_id},
        shown=_active,
    ),
    ActionLink(
        "archive",
        "Archive",
        organisations.archive_organisation,
        CHANGE,
        shown=_active,
        blockers=organisations.archive_blockers,
        explain="Its name becomes free, and its domains and brands are dropped. This cannot be taken back.",
        danger=True,
        sensitive=True,
    ),
)
