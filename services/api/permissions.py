"""What a key may do: its scopes (docs/api.md, Keys)."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasScope(BasePermission):
    """A key with scopes needs the view's `scope`; a key without scopes sends and reads everything."""

    message = ""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method == "OPTIONS" or view.scope is None or not view.key.scopes:
            return True
        self.message = f"This API key does not have the scope {view.scope}"
        return view.scope in view.key.scopes


class HasManagementScope(BasePermission):
    """Only a key with one of the view's `scopes`: a key without scopes sends and reads, and that is all."""

    message = ""

    def has_permission(self, request: Request, view: Any) -> bool:
        self.message = f"This API key does not have the scope {' or '.join(sorted(view.scopes))}"
        return request.method == "OPTIONS" or not set(view.scopes).isdisjoint(view.key.scopes)
