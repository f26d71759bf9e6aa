"""What a member of a service may do. Held by django-guardian, granted only by services.actions.members."""

VIEW_ACTIVITY = "view_activity"
SEND_MESSAGES = "send_messages"
MANAGE_TEMPLATES = "manage_templates"
MANAGE_API_KEYS = "manage_api_keys"
MANAGE_SERVICE = "manage_service"

# In the order of the team page.
SERVICE_PERMISSIONS = {
    VIEW_ACTIVITY: "See dashboard",
    SEND_MESSAGES: "Send messages",
    MANAGE_TEMPLATES: "Add and edit templates",
    MANAGE_SERVICE: "Manage settings, team and usage",
    MANAGE_API_KEYS: "Manage API integration",
}
