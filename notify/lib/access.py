"""How a view says who may open it. A test walks every address and fails on one that does not say."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required

View = TypeVar("View", bound=Callable[..., Any])

# public: anybody · signed_in: anybody signed in (the view checks more itself) · service: services.access.ServiceAccessMixin
# api_key: a service's API key · provider: a provider's credentials · staff: the back office
KINDS = frozenset({"public", "signed_in", "service", "organisation", "api_key", "provider", "staff"})


def public(view: View) -> View:
    """Anybody may open this, signed in or not."""
    view = login_not_required(view)
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody who is signed in may open this; what they see there is their own."""
    view.access = "signed_in"  # type: ignore[attr-defined]
    return view


def staff(view: View) -> View:
    """The platform's staff may open this; the view checks which of them."""
    view.access = "staff"  # type: ignore[attr-defined]
    return view
