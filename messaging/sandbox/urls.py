"""The sandbox's pages."""

from django.urls import path

from messaging.sandbox import views

app_name = "sandbox"

urlpatterns = [
    path("sandbox", views.sandbox_list, name="sandbox"),
    path("sandbox/text", views.sandbox_text, name="sandbox-text"),
    path("sandbox/behaviour/<slug:channel>", views.sandbox_behaviour, name="sandbox-behaviour"),
    path("sandbox/<uuid:message_id>", views.sandbox_detail, name="sandbox-message"),
    path("sandbox/<uuid:message_id>/html", views.sandbox_html, name="sandbox-html"),
    path("sandbox/<uuid:message_id>/pdf", views.sandbox_pdf, name="sandbox-pdf"),
]
