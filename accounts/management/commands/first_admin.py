"""`manage.py first_admin`: a one-time link for the first administrator of a new installation."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from accounts.models import User
from accounts.sign_in import tokens


class Command(BaseCommand):
    help = "Print a one-time link that makes the first administrator. Says so, and does nothing, when there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(is_superuser=True, is_active=True).exists():
            self.stdout.write("There is an administrator already.")
            return
        path = reverse("account_first_administrator", args=[tokens.sign_first_administrator()])
        self.stdout.write("Open this link within two days to create the first administrator:")
        self.stdout.write(settings.BASE_URL + path)
