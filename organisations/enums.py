"""What kind of body an organisation or a service belongs to."""

from django.db import models


class OrganisationType(models.TextChoices):
    """Reference: service-lifecycle §3.1 and §6.1."""

    CENTRAL = "central", "Central government"
    LOCAL = "local", "Local government"
    NHS_CENTRAL = "nhs_central", "NHS – central government agency or public body"
    NHS_LOCAL = "nhs_local", "NHS Trust or Integrated Care Board"
    NHS_GP = "nhs_gp", "GP surgery"
    EMERGENCY_SERVICE = "emergency_service", "Emergency service"
    SCHOOL_OR_COLLEGE = "school_or_college", "School or college"
    OTHER = "other", "Other public sector organisation"
