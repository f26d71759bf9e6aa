"""Addresses of this app's pages."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path

from notify.lib.access import public
from services.views import adding, agreement, api_integration, branding, golive, history, joining, keys, support, team
from services.views.settings import base, channels, general, guest_list, limits, overview, retention, senders

app_name = "services"

_settings: list[URLPattern | URLResolver] = [
    path("", overview.SettingsView.as_view(), name="settings"),
    path("/name", general.NameView.as_view(), name="service-name"),
    path("/contact-link", general.ContactLinkView.as_view(), name="contact-link"),
    # The address that the API names where a service has not said how its recipients reach it.
    path("/send-files-by-email", general.ContactLinkView.as_view(), name="send-files-by-email"),
    path("/email-sender-name", channels.EmailSenderNameView.as_view(), name="email-sender-name"),
    path("/sms-prefix", channels.SmsPrefixView.as_view(), name="sms-prefix"),
    path("/templates-need-approval", general.TemplatesNeedApprovalView.as_view(), name="templates-need-approval"),
    path("/permission/<slug:permission>", base.SwitchView.as_view(), name="permission"),
    path("/data-retention", retention.RetentionListView.as_view(), name="retention-list"),
    path("/data-retention/<slug:channel>", retention.RetentionView.as_view(), name="retention"),
    path("/billing", general.BillingView.as_view(), name="billing"),
    path("/set-message-limit/international-sms", channels.InternationalLimitView.as_view(), name="international-limit"),
    path("/receive-text-messages", channels.ReceiveTextsView.as_view(), name="receive-texts"),
    path("/reply-to/<uuid:sender_id>/send-again", senders.ReplyToResendView.as_view(kind="reply-to"), name="reply-to-resend"),
    path("/message-limits", limits.LimitsView.as_view(), name="limits"),
    path("/archive", golive.ArchiveView.as_view(), name="service-archive"),
    *[
        path(f"/{kind}{address}", view.as_view(kind=kind), name=f"{kind}-{name}")
        for kind in senders.SENDERS
        for address, view, name in (
            ("", senders.SenderListView, "list"),
            ("/add", senders.SenderAddView, "add"),
            ("/<uuid:sender_id>", senders.SenderEditView, "edit"),
            ("/<uuid:sender_id>/remove", senders.SenderRemoveView, "remove"),
        )
    ],
]

_api: list[URLPattern | URLResolver] = [
    path("", api_integration.ApiIntegrationView.as_view(), name="api"),
    path("/keys", keys.KeyListView.as_view(), name="key-list"),
    path("/keys/create", keys.KeyCreateView.as_view(), name="key-create"),
    path("/keys/<uuid:key_id>/replace", keys.KeyRotateView.as_view(), name="key-rotate"),
    path("/keys/<uuid:key_id>/revoke", keys.KeyRevokeView.as_view(), name="key-revoke"),
    path("/guest-list", guest_list.GuestListView.as_view(), name="guest-list"),
]

_team: list[URLPattern | URLResolver] = [
    path("", team.MemberListView.as_view(), name="member-list"),
    path(".csv", team.TeamCsvView.as_view(), name="member-download"),
    path("/leave", team.LeaveView.as_view(), name="member-leave"),
    path("/invite", team.InviteView.as_view(), name="member-invite"),
    path("/invitations/<uuid:invitation_id>/<slug:verb>", team.InvitationActionView.as_view(), name="invitation-act"),
    path("/<uuid:user_id>", team.MemberEditView.as_view(), name="member-edit"),
    path("/<uuid:user_id>/remove", team.MemberRemoveView.as_view(), name="member-remove"),
]

_branding: list[URLPattern | URLResolver] = [
    path("email", branding.BrandChoose.as_view(kind="email"), name="email-branding"),
    path("email/confirm", branding.BrandConfirm.as_view(kind="email"), name="email-branding-confirm"),
    path("email/logo", branding.EmailLogoKind.as_view(), name="email-branding-logo"),
    path("email/upload", branding.EmailLogoUpload.as_view(), name="email-branding-upload"),
    path("email/preview", branding.EmailBrandPreview.as_view(), name="email-branding-preview"),
    path("email/draft.png", branding.EmailDraftLogo.as_view(), name="email-branding-draft"),
    path("email/ask", branding.BrandAsk.as_view(kind="email"), name="email-branding-ask"),
    path("letter", branding.BrandChoose.as_view(kind="letter"), name="letter-branding"),
    path("letter/confirm", branding.BrandConfirm.as_view(kind="letter"), name="letter-branding-confirm"),
    path("letter/upload", branding.LetterLogoUpload.as_view(), name="letter-branding-upload"),
    path("letter/ask", branding.BrandAsk.as_view(kind="letter"), name="letter-branding-ask"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("your-services", adding.ServiceListView.as_view(), name="service-list"),
    path("add-service", adding.AddServiceView.as_view(), name="service-add"),
    path("add-service/name-your-service", adding.NameServiceView.as_view(), name="service-name-yours"),
    path("join-a-service/choose", joining.ChooseServiceView.as_view(), name="join-choose"),
    path(
        "confirm-reply-to/<str:token>",
        login_not_required(senders.ConfirmReplyToView.as_view()),
        name="reply-to-confirm",
    ),
    path("invitation/<str:token>", public(team.InvitationAcceptView.as_view()), name="invitation"),
    path("services/<uuid:service_id>/make-your-service-live", golive.GoLiveView.as_view(), name="go-live"),
    path("services/<uuid:service_id>/go-live-decision", golive.GoLiveDecisionView.as_view(), name="go-live-decision"),
    path("services/<uuid:service_id>/confirm-unique", golive.ConfirmUniqueView.as_view(), name="confirm-unique"),
    path("services/<uuid:service_id>/volumes", golive.VolumesView.as_view(), name="volumes"),
    path("services/<uuid:service_id>/restore", golive.RestoreView.as_view(), name="service-restore"),
    path("services/<uuid:service_id>/agreement", agreement.AgreementView.as_view(), name="agreement"),
    path("services/<uuid:service_id>/agreement/accept", agreement.AgreementAcceptView.as_view(), name="agreement-accept"),
    path("services/<uuid:service_id>/add-gp-organisation", agreement.SurgeryView.as_view(), name="agreement-surgery"),
    path("services/<uuid:service_id>/add-nhs-local-organisation", agreement.TrustView.as_view(), name="agreement-trust"),
    path("services/<uuid:service_id>/join/ask", joining.AskView.as_view(), name="join-ask"),
    path("services/<uuid:service_id>/join/you-have-asked", joining.AskedView.as_view(), name="join-asked"),
    path(
        "services/<uuid:service_id>/join-requests/<uuid:request_id>",
        joining.JoinRequestView.as_view(),
        name="join-request",
    ),
    path("services/<uuid:service_id>/service-settings", include(_settings)),
    path("services/<uuid:service_id>/api", include(_api)),
    path("services/<uuid:service_id>/users", include(_team)),
    path("services/<uuid:service_id>/history", history.HistoryView.as_view(), name="history"),
    path("services/<uuid:service_id>/history.csv", history.HistoryCsvView.as_view(), name="history-download"),
    path("services/<uuid:service_id>/branding/", include(_branding)),
    path("support-session/end", support.end_support_session, name="support-session-end"),
]
