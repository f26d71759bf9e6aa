"""Ending a support session from the banner."""

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from notify import admin_groups
from services.actions import support
from tests.helpers.cast import staff_in

pytestmark = pytest.mark.django_db


def test_the_banner_ends_the_session(service, client_for):
    helper = staff_in(admin_groups.SUPPORT)
    support.start(service, reason="Ticket 7", by=helper)
    response = client_for(helper).post(reverse("services:support-session-end"))
    assert response.headers["Location"] == reverse("admin:services_service_change", args=[service.pk])
    assert support.running(helper) is None
    assert [event.name for event in AuditEvent.objects.order_by("id")] == ["support_session.started", "support_session.ended"]
