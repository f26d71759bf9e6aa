"""Where providers call."""

from django.urls import path

from messaging.providers.views import receipts

app_name = "providers"

urlpatterns = [
    path("receipts/anymail/<path:path>", receipts.receive_anymail, name="receipts-anymail"),
    path("receipts/<slug:name>/", receipts.receive_receipts, name="receipts"),
    path("receipts/<slug:name>/inbound", receipts.receive_texts, name="receipts-inbound"),
]
