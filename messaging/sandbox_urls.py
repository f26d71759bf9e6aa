"""The sandbox's pages: included by messaging.urls where the sandbox is switched on."""

from django.urls import path

from messaging.views import sandbox

urlpatterns = [
    path("sandbox", sandbox.sandbox_list, name="sandbox"),
    path("sandbox/text", sandbox.sandbox_text, name="sandbox-text"),
    path("sandbox/behaviour/<slug:channel>", sandbox.sandbox_behaviour, name="sandbox-behaviour"),
    path("sandbox/<uuid:message_id>", sandbox.sandbox_detail, name="sandbox-message"),
    path("sandbox/<uuid:message_id>/html", sandbox.sandbox_html, name="sandbox-html"),
    path("sandbox/<uuid:message_id>/pdf", sandbox.sandbox_pdf, name="sandbox-pdf"),
]
