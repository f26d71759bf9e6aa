"""Addresses of unsubscribing and of the list of people who are not contacted: included by messaging.urls."""

from django.urls import path

from messaging.views import suppression, unsubscribe

_service = "services/<uuid:service_id>/"

urlpatterns = [
    path("unsubscribe-page/<uuid:notification_id>/<str:token>", unsubscribe.unsubscribe_page, name="unsubscribe-page"),
    path("unsubscribe-confirmed", unsubscribe.confirmed, name="unsubscribe-confirmed"),
    path("unsubscribe-example", unsubscribe.example, name="unsubscribe-example"),
    path(f"{_service}unsubscribe-requests", suppression.UnsubscribeRequestsView.as_view(), name="unsubscribe-requests"),
    path(
        f"{_service}unsubscribe-requests.csv",
        suppression.UnsubscribeRequestsCsvView.as_view(),
        name="unsubscribe-requests-download",
    ),
    path(f"{_service}not-contacted", suppression.SuppressionListView.as_view(), name="suppression-list"),
    path(f"{_service}not-contacted.csv", suppression.SuppressionCsvView.as_view(), name="suppression-download"),
    path(f"{_service}not-contacted/add", suppression.SuppressionAddView.as_view(), name="suppression-add"),
    path(f"{_service}not-contacted/import", suppression.SuppressionImportView.as_view(), name="suppression-import"),
    path(
        f"{_service}not-contacted/<uuid:suppression_id>/remove",
        suppression.SuppressionRemoveView.as_view(),
        name="suppression-remove",
    ),
]
