"""The back office's groups, made again after every migration so that they always fit the models there are.

A person gets rights by being put into groups; the groups themselves are code. Rights that staff gave a group by hand are
taken away again by the next migration.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission

OUR_APPS = (
    "accounts",
    "audit",
    "branding",
    "organisations",
    "services",
    "message_templates",
    "providers",
    "notifications",
    "letters",
    "jobs",
    "inbound",
    "sandbox",
    "callbacks",
    "dashboard",
)

PLATFORM_ADMIN = "Platform administrators"
GO_LIVE_REVIEWER = "Go-live reviewers"
SUPPORT = "Support (read only)"
DESIGNER = "Designers"

_REVIEWER = {
    "services": ["view_service", "view_membership", "approve_go_live"],
    "organisations": ["view_organisation", "view_domain"],
    "accounts": ["view_user"],
    "audit": ["view_auditevent"],
}
_DESIGNER = {
    "branding": [f"{verb}_{model}" for model in ("emailbrand", "letterbrand") for verb in ("view", "add", "change", "delete")],
    "organisations": ["view_organisation", "choose_brands"],
    "services": ["view_service", "view_brandrequest", "change_brandrequest"],
}
# Looking is not touching: support sees every page, and may look into a service through a recorded session.
_SUPPORT_BESIDES_VIEWING = {"services": ["add_supportsession"]}
# What no group holds: the trail is written by actions only.
_NEVER = {"audit": ["add_auditevent", "change_auditevent", "delete_auditevent"]}


def _named(wanted: dict[str, list[str]]) -> set[int]:
    return {
        key
        for app, codenames in wanted.items()
        for key in Permission.objects.filter(content_type__app_label=app, codename__in=codenames).values_list("pk", flat=True)
    }


def make_groups(**kwargs: Any) -> None:
    """Make the groups and give each exactly its rights."""
    if not apps.is_installed("django.contrib.auth"):
        return
    ours = Permission.objects.filter(content_type__app_label__in=OUR_APPS)
    everything = set(ours.values_list("pk", flat=True)) - _named(_NEVER)
    viewing = set(ours.filter(codename__startswith="view_").values_list("pk", flat=True))
    for name, rights in {
        PLATFORM_ADMIN: everything,
        GO_LIVE_REVIEWER: _named(_REVIEWER),
        SUPPORT: viewing | _named(_SUPPORT_BESIDES_VIEWING),
        DESIGNER: _named(_DESIGNER),
    }.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(rights)
