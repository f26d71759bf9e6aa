"""Notices to everybody in the back office."""

from django.contrib import admin

from notify.lib import clock
from notify.lib.admin import ActionLink, ActionLinksMixin, ReadOnlyAdmin
from organisations.actions import notices
from organisations.admin.forms import NoticeForm
from organisations.models import Notice


@admin.register(Notice)
class NoticeAdmin(ActionLinksMixin, ReadOnlyAdmin):
    action_links = (
        ActionLink(
            "publish", "Tell everybody something", notices.publish, "organisations.add_notice", NoticeForm, on_list=True
        ),
        ActionLink(
            "withdraw",
            "Withdraw",
            notices.withdraw,
            "organisations.change_notice",
            shown=lambda notice: notice.ends_at is None or notice.ends_at > clock.now(),
            danger=True,
        ),
    )
    list_display = ("text", "kind", "starts_at", "ends_at", "created_by")
    list_select_related = ("created_by",)
    list_filter = ("kind",)
    search_fields = ("text",)
