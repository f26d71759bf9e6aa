"""How a view says who may open it. A test walks every address and fails on one that does not say."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required

View = TypeVar("View", bound=Callable[..., Any])

# public: anybody · signed_in: anybody signed in (the view checks more itself) · service: services.access.ServiceAccessMixin
# api_key: a service's API key · provider: a provider's credentials · staff: the back office
KINDS = frozenset({"public", "signed_in", "service", "organisation", "api_key", "provider", "staff"})


def declare(view: View, kind: str) -> View:
    """Say who may open a view: one of KINDS."""
    view.access = kind  # type: ignore[attr-defined]  # functions have none of their own
    return view


def public(view: View) -> View:
    """Anybody may open this, signed in or not."""
    return declare(login_not_required(view), "public")


def signed_in(view: View) -> View:
    """Anybody who is signed in may open this; what they see there is their own."""
    return declare(view, "signed_in")


def staff(view: View) -> View:
    """The platform's staff may open this; the view checks which of them."""
    return declare(view, "staff")
