"""The person in front of a page that asks people to sign in first."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.views.generic import View

from accounts.models import User


def person_of(request: HttpRequest) -> User:
    """The person who is signed in. Refuses a request without one with PermissionDenied, which the sign-in does before."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class PersonMixin(View):
    """Base of a view that is not public."""

    @property
    def person(self) -> User:
        """The person in front of the page."""
        return person_of(self.request)
