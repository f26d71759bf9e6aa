"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from dashboard.views import service, statistics

app_name = "dashboard"
urlpatterns: list[URLPattern | URLResolver] = [
    path("services/<uuid:service_id>", service.ServiceDashboardView.as_view(), name="service-dashboard"),
    path("services/<uuid:service_id>/figures", service.ServiceFiguresView.as_view(), name="service-figures"),
    path("services/<uuid:service_id>/monthly", statistics.MonthlyView.as_view(), name="monthly"),
    path("services/<uuid:service_id>/template-usage", statistics.TemplateUseView.as_view(), name="template-use"),
    path("services/<uuid:service_id>/usage", statistics.UsageView.as_view(), name="usage"),
    path("services/<uuid:service_id>/usage.csv", statistics.UsageCsvView.as_view(), name="usage-download"),
]
