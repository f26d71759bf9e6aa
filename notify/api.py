"""The roof of the API: the public one at /v2, as its clients know it, and the management API at /api."""

from django.urls import URLPattern, path, re_path

from callbacks.api import endpoints as callbacks
from dashboard.api import figures
from messaging.inbound.api import received_texts
from messaging.letters.api import letters
from messaging.message_templates.api import management as managed
from messaging.message_templates.api import templates
from messaging.notifications.api import bulk, notifications, sending, unsubscribe
from notify.lib.api import docs
from notify.lib.api.errors import not_found
from services.api import senders, team

v2: list[URLPattern] = [
    path("v2/notifications/sms", sending.SendTextView.as_view(), name="v2-send-sms"),
    path("v2/notifications/email", sending.SendEmailView.as_view(), name="v2-send-email"),
    path("v2/notifications/letter", letters.SendLetterView.as_view(), name="v2-send-letter"),
    path("v2/notifications/bulk", bulk.BulkView.as_view(), name="v2-bulk"),
    path("v2/notifications", notifications.NotificationsView.as_view(), name="v2-notifications"),
    path("v2/notifications/<str:notification_id>", notifications.NotificationView.as_view(), name="v2-notification"),
    path("v2/notifications/<str:notification_id>/pdf", letters.LetterPdfView.as_view(), name="v2-letter-pdf"),
    path("v2/notifications/<str:notification_id>/cancel", notifications.CancelView.as_view(), name="v2-cancel"),
    path("v2/templates", templates.TemplatesView.as_view(), name="v2-templates"),
    path("v2/template/<str:template_id>", templates.TemplateView.as_view(), name="v2-template"),
    path(
        "v2/template/<str:template_id>/version/<int:version>",
        templates.TemplateVersionView.as_view(),
        name="v2-template-version",
    ),
    path("v2/template/<str:template_id>/preview", templates.PreviewView.as_view(), name="v2-template-preview"),
    path("v2/received-text-messages", received_texts.ReceivedTextsView.as_view(), name="v2-received-texts"),
    path("unsubscribe/<str:notification_id>/<str:token>", unsubscribe.UnsubscribeView.as_view(), name="unsubscribe"),
]

management: list[URLPattern] = [
    path("api/templates", managed.ManagedTemplatesView.as_view(), name="api-templates"),
    path("api/templates/files", managed.FilesView.as_view(), name="api-template-files"),
    path("api/templates/plan", managed.PlanView.as_view(), name="api-template-plan"),
    path("api/templates/apply", managed.ApplyView.as_view(), name="api-template-apply"),
    path("api/templates/<str:template_id>", managed.ManagedTemplateView.as_view(), name="api-template"),
    path("api/templates/<str:template_id>/publish", managed.PublishView.as_view(), name="api-template-publish"),
    path("api/senders", senders.SendersView.as_view(), name="api-senders"),
    path("api/senders/sms", senders.SmsSendersView.as_view(), name="api-sms-senders"),
    path("api/senders/sms/<str:sender_id>", senders.SmsSenderView.as_view(), name="api-sms-sender"),
    path("api/senders/email-reply-to", senders.ReplyTosView.as_view(), name="api-reply-tos"),
    path("api/senders/email-reply-to/<str:sender_id>", senders.ReplyToView.as_view(), name="api-reply-to"),
    path("api/senders/letter-contacts", senders.LetterContactsView.as_view(), name="api-letter-contacts"),
    path("api/senders/letter-contacts/<str:sender_id>", senders.LetterContactView.as_view(), name="api-letter-contact"),
    path("api/team", team.TeamView.as_view(), name="api-team"),
    path("api/team/invitations", team.InvitationsView.as_view(), name="api-invitations"),
    path("api/team/invitations/<str:invitation_id>", team.InvitationView.as_view(), name="api-invitation"),
    path("api/team/members/<str:user_id>", team.MemberView.as_view(), name="api-member"),
    path("api/callbacks", callbacks.ManagedCallbacksView.as_view(), name="api-callbacks"),
    path("api/callbacks/<str:callback_id>", callbacks.ManagedCallbackView.as_view(), name="api-callback"),
    path("api/statistics", figures.StatisticsView.as_view(), name="api-statistics"),
    path("api/usage", figures.UsageFiguresView.as_view(), name="api-usage"),
]

urlpatterns: list[URLPattern] = [
    *v2,
    *management,
    path("api/schema", docs.SchemaView.as_view(), name="api-schema"),
    path("api/docs", docs.docs, name="api-docs"),
    # Whatever else is asked of the API gets its own "not found", in JSON.
    re_path(r"^(?:v2|api)(?:/[\s\S]*)?\Z", not_found, name="api-not-found"),
]
