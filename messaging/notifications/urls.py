"""Addresses of sending, sent messages, documents, unsubscribing and the list of people who are not contacted."""

from django.urls import URLPattern, URLResolver, include, path

from messaging.notifications.views import activity, documents, one_off, resend, suppression, tour, unsubscribe

app_name = "notifications"

_service: list[URLPattern | URLResolver] = [
    path("notifications", activity.NotificationListView.as_view(), name="notification-list"),
    path("notifications/<slug:channel>", activity.NotificationListView.as_view(), name="notification-list-of"),
    path("download-notifications.csv", activity.NotificationCsvView.as_view(), name="notification-download"),
    path("notification/<uuid:notification_id>", activity.NotificationDetailView.as_view(), name="notification-detail"),
    path(
        "notification/<uuid:notification_id>/status",
        activity.NotificationStatusView.as_view(),
        name="notification-status",
    ),
    path(
        "notification/<uuid:notification_id>/send-again",
        resend.NotificationResendView.as_view(),
        name="notification-resend",
    ),
    path("send/<uuid:template_id>/one-off", one_off.OneOffView.as_view(), name="one-off"),
    path("unsubscribe-requests", suppression.UnsubscribeRequestsView.as_view(), name="unsubscribe-requests"),
    path(
        "unsubscribe-requests.csv",
        suppression.UnsubscribeRequestsCsvView.as_view(),
        name="unsubscribe-requests-download",
    ),
    path("not-contacted", suppression.SuppressionListView.as_view(), name="suppression-list"),
    path("not-contacted.csv", suppression.SuppressionCsvView.as_view(), name="suppression-download"),
    path("not-contacted/add", suppression.SuppressionAddView.as_view(), name="suppression-add"),
    path("not-contacted/import", suppression.SuppressionImportView.as_view(), name="suppression-import"),
    path(
        "not-contacted/<uuid:suppression_id>/remove",
        suppression.SuppressionRemoveView.as_view(),
        name="suppression-remove",
    ),
]
_tour: list[URLPattern | URLResolver] = [
    path("", tour.TourView.as_view(), name="tour"),
    path("/step-<int:step>", tour.TourStepView.as_view(), name="tour-step"),
    path("/check", tour.TourCheckView.as_view(), name="tour-check"),
    path("/sent", tour.TourSentView.as_view(), name="tour-sent"),
    path("/end", tour.TourEndView.as_view(), name="tour-end"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("d/<uuid:document_id>/<str:key>", documents.document_page, name="document-page"),
    path("unsubscribe-page/<uuid:notification_id>/<str:token>", unsubscribe.unsubscribe_page, name="unsubscribe-page"),
    path("unsubscribe-confirmed", unsubscribe.confirmed, name="unsubscribe-confirmed"),
    path("unsubscribe-example", unsubscribe.example, name="unsubscribe-example"),
    path("services/<uuid:service_id>/tour/<uuid:template_id>", include(_tour)),
    path("services/<uuid:service_id>/", include(_service)),
]
