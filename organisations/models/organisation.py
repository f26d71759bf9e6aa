"""Bodies that own services."""

from django.conf import settings
from django.db import models

from accounts.guardian import AllowListedUserPermission
from notify.lib.ids import uuid7
from notify.lib.querysets import ActiveQuerySet
from organisations.enums import OrganisationType


class Organisation(models.Model):
    """A body that owns services: what it decides, its services inherit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=255, unique=True)
    organisation_type = models.CharField(max_length=20, choices=OrganisationType)
    # None: nobody has said yet, so people are offered both versions of the agreement.
    crown = models.BooleanField(null=True)
    # None: services sign agreements of their own.
    agreement_signed = models.BooleanField(null=True, default=False)
    agreement_signed_at = models.DateTimeField(null=True, blank=True)
    agreement_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    agreement_signed_version = models.CharField(max_length=10, blank=True)
    agreement_on_behalf_of_name = models.CharField(max_length=255, blank=True)
    agreement_on_behalf_of_email = models.EmailField(max_length=320, blank=True)
    can_approve_own_go_live_requests = models.BooleanField(default=False)
    can_ask_to_join_a_service = models.BooleanField(default=True)
    default_email_brand = models.ForeignKey(
        "branding.EmailBrand", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    default_letter_brand = models.ForeignKey(
        "branding.LetterBrand", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    email_brand_pool = models.ManyToManyField("branding.EmailBrand", blank=True, related_name="organisations")
    letter_brand_pool = models.ManyToManyField("branding.LetterBrand", blank=True, related_name="organisations")
    notes = models.TextField(blank=True)
    request_to_go_live_notes = models.TextField(blank=True)
    billing_contact_names = models.TextField(blank=True)
    billing_contact_emails = models.TextField(blank=True)
    billing_reference = models.CharField(max_length=255, blank=True)
    purchase_order_number = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ActiveQuerySet["Organisation"].as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [
            ("make_services_live", "Can approve go-live requests of the organisation's services"),
            ("choose_brands", "Can choose the brands of an organisation"),
        ]

    def __str__(self) -> str:
        return self.name


class Domain(models.Model):
    """An email domain whose people belong to an organisation; the longest match wins."""

    domain = models.CharField(max_length=255, primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="domains")

    objects: models.Manager["Domain"]

    class Meta:
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain


class OrganisationMember(models.Model):
    """A person who belongs to an organisation and sees its services."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="organisation_memberships")
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: models.Manager["OrganisationMember"]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "user"], name="organisation_member_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}"


class OrganisationUserPermission(AllowListedUserPermission):
    """Who may approve this organisation's go-live requests."""

    allowed = frozenset({"make_services_live"})
    content_object = models.ForeignKey(Organisation, on_delete=models.CASCADE)
