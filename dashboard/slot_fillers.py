"""What the dashboard adds to slots of the apps to its left."""

from dashboard.queries.organisation_usage import usage_of
from organisations.slots import service_usage
from services.permissions import MANAGE_SERVICE, VIEW_ACTIVITY
from services.slots import navigation
from services.slots.navigation import NavigationItem

service_usage.fill(usage_of)
navigation.add(
    NavigationItem("dashboard", "Dashboard", "dashboard:service-dashboard", 10, lambda service, held: VIEW_ACTIVITY in held)
)
navigation.add(NavigationItem("usage", "Usage", "dashboard:usage", 50, lambda service, held: MANAGE_SERVICE in held))
