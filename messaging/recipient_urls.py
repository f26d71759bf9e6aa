"""Addresses of sending again, returned letters and templates' files, below /services/<id>/: included by messaging.urls."""

from django.urls import URLPattern, URLResolver, path

from messaging.views import resend, returned_letters

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "notification/<uuid:notification_id>/send-again",
        resend.NotificationResendView.as_view(),
        name="notification-resend",
    ),
    path("returned-letters", returned_letters.ReturnedLettersView.as_view(), name="returned-letters"),
    path(
        "returned-letters/<str:reported_on>.csv",
        returned_letters.ReturnedLettersCsvView.as_view(),
        name="returned-letters-download",
    ),
    path("returned-letters/<str:reported_on>", returned_letters.ReturnedLettersDayView.as_view(), name="returned-letters-day"),
]
