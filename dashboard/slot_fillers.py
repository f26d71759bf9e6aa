"""What the dashboard adds to slots of the apps to its left."""

from dashboard.organisation_usage import usage_of
from organisations.slots import service_usage
from services.navigation import NavigationItem, register
from services.permissions import MANAGE_SERVICE, VIEW_ACTIVITY

service_usage.fill(usage_of)
register(
    NavigationItem("dashboard", "Dashboard", "dashboard:service-dashboard", 10, lambda service, held: VIEW_ACTIVITY in held)
)
register(NavigationItem("usage", "Usage", "dashboard:usage", 50, lambda service, held: MANAGE_SERVICE in held))
