"""What a member of an organisation may do besides looking. Held by django-guardian."""

MAKE_SERVICES_LIVE = "make_services_live"

ORGANISATION_PERMISSIONS = {MAKE_SERVICES_LIVE: "Make new services live"}
