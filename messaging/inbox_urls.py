"""Addresses of received texts, under a service's: included by messaging.urls."""

from django.urls import path

from messaging.views import inbox

urlpatterns = [
    path("inbox", inbox.InboxView.as_view(), name="inbox"),
    path("inbox/rows", inbox.InboxRowsView.as_view(), name="inbox-rows"),
    path("inbox.csv", inbox.InboxCsvView.as_view(), name="inbox-download"),
    path("conversation/<uuid:item_id>", inbox.ConversationView.as_view(), name="conversation"),
    path("conversation/<uuid:item_id>/lines", inbox.ConversationLinesView.as_view(), name="conversation-lines"),
    path("conversation/<uuid:item_id>/reply-with", inbox.ReplyView.as_view(), name="conversation-reply"),
]
