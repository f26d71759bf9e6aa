"""The tenant: a team's place to send messages from."""

from collections.abc import Iterable
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from accounts.models import User
from notify.lib import clock
from notify.lib.ids import uuid7
from notify.lib.querysets import ActiveQuerySet
from organisations.enums import OrganisationType
from services.enums import DEFAULT_SERVICE_PERMISSIONS, ServicePermission, ServiceState
from services.guards import checklist_complete, has_organisation, not_archived, not_suspended


def default_permissions() -> list[str]:
    return [str(permission) for permission in DEFAULT_SERVICE_PERMISSIONS]


def unexpired(prefix: str = "") -> Q:
    """A membership whose access has not run out, from a model that reaches it by `prefix`."""
    return Q(**{f"{prefix}expires_at__isnull": True}) | Q(**{f"{prefix}expires_at__gt": clock.now()})


class ServiceQuerySet(ActiveQuerySet["Service"]):
    def with_member(self, user: User) -> Self:
        """Services whose team this person is on now."""
        return self.filter(unexpired("memberships__"), memberships__user=user)

    def visible_to(self, user: User) -> Self:
        """Services this person belongs to; an archived one is left out."""
        return self.active().with_member(user)


class Service(models.Model):
    """A team's place to send messages from, and where it stands between trial and live.

    `state` moves by the transitions below, which services.actions.lifecycle alone calls; suspended and archived are moments
    beside the state.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=255, unique=True)
    # The name as an email address's local part; two names that collapse to the same one would collide there.
    normalised_name = models.CharField(max_length=255, unique=True)
    state = FSMField(choices=ServiceState, default=ServiceState.TRIAL, protected=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="services"
    )
    organisation_type = models.CharField(max_length=20, choices=OrganisationType)
    crown = models.BooleanField(null=True)
    permissions = ArrayField(models.CharField(max_length=30), default=default_permissions)

    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="services_created"
    )
    went_live_at = models.DateTimeField(null=True, blank=True)
    go_live_requested_at = models.DateTimeField(null=True, blank=True)
    go_live_requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    go_live_rejection_reason = models.TextField(blank=True)
    counts_as_live = models.BooleanField(default=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    # The name before archiving freed it, so that restoring can take it back.
    archived_name = models.CharField(max_length=255, blank=True)

    confirmed_unique = models.BooleanField(default=False)
    volume_email = models.PositiveIntegerField(null=True, blank=True)
    volume_sms = models.PositiveIntegerField(null=True, blank=True)
    volume_letter = models.PositiveIntegerField(null=True, blank=True)

    email_sender_name = models.CharField(max_length=255, blank=True)
    email_sender_local_part = models.CharField(max_length=255, blank=True)
    confirmed_email_sender_name = models.BooleanField(default=False)
    prefix_sms = models.BooleanField(default=False)
    # A second person publishes what one has written.
    templates_need_approval = models.BooleanField(default=False)
    contact_link = models.CharField(max_length=255, blank=True)
    contact_link_in_emails = models.BooleanField(default=True)
    email_brand = models.ForeignKey(
        "branding.EmailBrand", null=True, blank=True, on_delete=models.SET_NULL, related_name="services"
    )
    letter_brand = models.ForeignKey(
        "branding.LetterBrand", null=True, blank=True, on_delete=models.SET_NULL, related_name="services"
    )

    # A limit of null follows from the state and the organisation type (services.rules.daily_limit).
    email_limit_override = models.PositiveIntegerField(null=True, blank=True)
    sms_limit_override = models.PositiveIntegerField(null=True, blank=True)
    letter_limit_override = models.PositiveIntegerField(null=True, blank=True)
    international_sms_limit_override = models.PositiveIntegerField(null=True, blank=True)
    rate_limit_per_minute = models.PositiveIntegerField(default=3000)
    retention_days_email = models.PositiveSmallIntegerField(null=True, blank=True)
    retention_days_sms = models.PositiveSmallIntegerField(null=True, blank=True)
    retention_days_letter = models.PositiveSmallIntegerField(null=True, blank=True)

    billing_contact_names = models.TextField(blank=True)
    billing_contact_emails = models.TextField(blank=True)
    billing_reference = models.CharField(max_length=255, blank=True)
    purchase_order_number = models.CharField(max_length=255, blank=True)
    notes = models.TextField(blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [
            ("view_activity", "Can see the dashboard"),
            ("send_messages", "Can send messages"),
            ("manage_templates", "Can add and edit templates"),
            ("manage_api_keys", "Can manage the API integration"),
            ("manage_service", "Can manage settings, team and usage"),
            # Platform staff, through a back-office group; never granted on a single service.
            ("approve_go_live", "Can answer go-live requests"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ServiceState.LIVE, went_live_at__isnull=False)
                | (~Q(state=ServiceState.LIVE) & Q(went_live_at__isnull=True)),
                name="service_live_means_went_live_at",
            ),
            models.CheckConstraint(
                condition=~Q(state=ServiceState.PENDING) | Q(go_live_requested_at__isnull=False),
                name="service_pending_means_requested",
            ),
            models.CheckConstraint(
                condition=Q(permissions__contained_by=[str(p) for p in ServicePermission.values]),
                name="service_permissions_known",
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"retention_days_{channel}__isnull": True})
                    | Q(**{f"retention_days_{channel}__range": (3, 90)}),
                    name=f"service_retention_{channel}_3_to_90",
                )
                for channel in ("email", "sms", "letter")
            ],
        ]
        triggers = [
            pgtrigger.FSM(
                name="lifecycle",
                field="state",
                transitions=[("trial", "pending"), ("pending", "live"), ("pending", "trial"), ("live", "trial")],
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # django-fsm keeps a protected field from being reloaded; forget the loaded value first.
    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: models.QuerySet | None = None
    ) -> None:
        if fields is None or "state" in fields:
            self.__dict__.pop("state", None)
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)

    @property
    def is_live(self) -> bool:
        return self.state == ServiceState.LIVE

    @property
    def is_active(self) -> bool:
        return self.archived_at is None and self.suspended_at is None

    def has_permission(self, permission: str) -> bool:
        """Whether the service as a whole may do something (a channel or an advanced permission)."""
        return permission in self.permissions

    # Transitions set fields and nothing else, and refuse with TransitionNotAllowed what their guards refuse; the actions
    # around them say why, and check who acts, lock, save and tell. Who acts is no guard: a condition sees the service alone.
    @transition(
        field=state,
        source=ServiceState.TRIAL,
        target=ServiceState.PENDING,
        conditions=[not_archived, not_suspended, checklist_complete],
    )
    def request_to_go_live(self, *, by: User | None) -> None:
        self.go_live_requested_at = clock.now()
        self.go_live_requested_by = by
        self.go_live_rejection_reason = ""

    @transition(
        field=state,
        source=ServiceState.PENDING,
        target=ServiceState.LIVE,
        conditions=[not_archived, not_suspended, has_organisation, checklist_complete],
    )
    def approve_go_live(self) -> None:
        self.went_live_at = clock.now()

    @transition(field=state, source=ServiceState.PENDING, target=ServiceState.TRIAL, conditions=[not_archived])
    def reject_go_live(self, *, reason: str) -> None:
        self.go_live_rejection_reason = reason
        self._clear_request()

    @transition(field=state, source=ServiceState.PENDING, target=ServiceState.TRIAL, conditions=[not_archived])
    def withdraw_request(self) -> None:
        self._clear_request()

    @transition(field=state, source=ServiceState.LIVE, target=ServiceState.TRIAL, conditions=[not_archived])
    def return_to_trial(self) -> None:
        self.went_live_at = None
        self._clear_request()

    def _clear_request(self) -> None:
        self.go_live_requested_at = None
        self.go_live_requested_by = None
