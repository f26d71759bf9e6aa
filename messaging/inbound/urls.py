"""Addresses of received texts."""

from django.urls import include, path

from messaging.inbound import views

app_name = "inbound"

_service = [
    path("inbox", views.InboxView.as_view(), name="inbox"),
    path("inbox/rows", views.InboxRowsView.as_view(), name="inbox-rows"),
    path("inbox.csv", views.InboxCsvView.as_view(), name="inbox-download"),
    path("conversation/<uuid:item_id>", views.ConversationView.as_view(), name="conversation"),
    path("conversation/<uuid:item_id>/lines", views.ConversationLinesView.as_view(), name="conversation-lines"),
    path("conversation/<uuid:item_id>/reply-with", views.ReplyView.as_view(), name="conversation-reply"),
]

urlpatterns = [path("services/<uuid:service_id>/", include(_service))]
