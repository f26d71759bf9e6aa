"""What the views of the management API share."""

from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db import models
from rest_framework import serializers

from notify.lib.api_errors import ApiError, no_result, validation_error
from services.api.base import ApiView
from services.api.validation import parse_uuid
from services.enums import KeyScope

M = TypeVar("M", bound=models.Model)


class Input(serializers.Serializer):
    """A body that is checked: unknown keys are refused, so that a misspelt one is noticed."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError({"": [f"{data!r} is not of type object"]})
        if unknown := sorted(set(data) - set(self.fields)):
            was = "was" if len(unknown) == 1 else "were"
            message = f"Additional properties are not allowed ({', '.join(unknown)} {was} unexpected)"
            raise serializers.ValidationError({"": [message]})
        return super().to_internal_value(data)


class ManageView(ApiView):
    """A view that only keys with one of `scopes` may use: a key without scopes sends and reads, and that is all."""

    scopes: ClassVar[tuple[str, ...]] = (KeyScope.MANAGE,)

    def check_scope(self) -> None:
        if not set(self.scopes) & set(self.key.scopes):
            wanted = " or ".join(sorted(self.scopes))
            raise ApiError(403, "AuthError", f"This API key does not have the scope {wanted}")

    def validated(self, kind: type[Input]) -> dict[str, Any]:
        """The checked body; every fault is told at once."""
        body = kind(data=self.data())
        if not body.is_valid():
            raise validation_error(_messages(body.errors))
        return body.validated_data

    def find(self, model: type[M], pk: str, **more: Any) -> M:
        """One of the service's own things. Refuses what is no id (400) and what is not there (404)."""
        found_id = self.id(pk)
        found = model._default_manager.filter(pk=found_id, service=self.service, **more).first()
        if found is None:
            raise no_result()
        return found

    @staticmethod
    def id(text: str) -> UUID:
        found = parse_uuid(text)
        if found is None:
            raise validation_error(["id is not a valid UUID"])
        return found


def _messages(errors: Any, prefix: str = "") -> list[str]:
    """The faults of a body as sentences that begin with the field."""
    if isinstance(errors, dict):
        found: list[str] = []
        for name, inner in errors.items():
            found += _messages(inner, f"{prefix}.{name}" if prefix and name else prefix or str(name))
        return found
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return [text for n, inner in enumerate(errors) for text in _messages(inner, f"{prefix}.{n}")]
    return [f"{prefix} {error}".strip() for error in errors]
