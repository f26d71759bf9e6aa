"""A person who signs in: a member of service teams, of organisations, or of the platform's staff."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from audit.actors import Actor
from notify.lib.ids import uuid7


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").lower())


class User(Actor, AbstractBaseUser, PermissionsMixin):
    """A person. Known by one email address, in lower case."""

    class SignInMethod(models.TextChoices):
        """What follows the password."""

        SMS = "sms_auth", "Text message code"
        EMAIL = "email_auth", "Email link"
        TOTP = "totp_auth", "Authenticator app"
        PASSKEY = "webauthn_auth", "Passkey"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField("email address", max_length=320, unique=True)
    name = models.CharField("full name", max_length=255)
    mobile_number = models.CharField(max_length=20, blank=True)
    mobile_verified = models.BooleanField(default=False)
    sign_in_method = models.CharField(max_length=15, choices=SignInMethod, default=SignInMethod.SMS)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    email_access_validated_at = models.DateTimeField(null=True, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    # Attempts since the last right answer: accounts.sign_in.lockout.
    failed_sign_ins = models.PositiveSmallIntegerField(default=0)
    failed_codes = models.PositiveSmallIntegerField(default=0)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def may_enter_back_office(self) -> bool:
        """Superusers, and staff who are in at least one group; asked once a request."""
        return self.is_active and self.is_staff and (self.is_superuser or self.groups.exists())
