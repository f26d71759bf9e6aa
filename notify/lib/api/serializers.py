"""Shapes of the API: one class reads a body or query, writes an answer, and describes itself in the OpenAPI document."""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, Self, cast

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.fields import SkipField, empty

from notify.lib.api.fields import Id, Text, sentences


class Strict(serializers.Serializer):
    """A shape with the keys it names and no others."""

    # Whether other keys are let pass all the same.
    takes_more = False


class Shape(Strict):
    """A shape of the wire contract: every fault is told at once, in the contract's order and words (public-api §3.3)."""

    # Whether keys that are unknown are told of before everything else.
    unknown_first = False

    @classmethod
    @cache
    def _one(cls) -> Self:
        """One instance for all requests: like a nested serializer it keeps nothing of what it reads and writes."""
        return cls()

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """The values of a body or query. Refuses with ValidationError."""
        return cls._one().run_validation(data)

    @classmethod
    def read_query(cls, query: QueryDict) -> dict[str, Any]:
        return cls.read(cls.given(query))

    @classmethod
    def attempt(cls, data: Any) -> tuple[dict[str, Any], list[str]]:
        """The values, and what is wrong: one of the two is empty."""
        try:
            return cls.read(data), []
        except serializers.ValidationError as error:
            return {}, list(map(str, cast(dict[str, Any], error.detail)[""]))

    @classmethod
    def show(cls, thing: Any) -> dict[str, Any]:
        return cls._one().to_representation(thing)

    @classmethod
    def given(cls, query: QueryDict) -> dict[str, Any]:
        """The query's parameters as they came: all values of those that may be repeated, the first of the others."""
        fields = cls._one().fields
        return {
            name: values if isinstance(fields.get(name), serializers.ListField) else values[0]
            for name, values in query.lists()
            if values
        }

    @cached_property
    def _columns(self) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]:
        """Each field's name, where its value comes from (`get_<name>`, or the field's source), and how it is written."""
        return [
            (name, getattr(self, f"get_{name}", None) or _read_by(field), field.to_representation)
            for name, field in self.fields.items()
        ]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The thing in this shape. `get_<name>` may leave its key out with SkipField."""
        shown: dict[str, Any] = {}
        for name, value_in, written in self._columns:
            try:
                value = value_in(instance)
            except SkipField:
                continue
            shown[name] = None if value is None else written(value)
        return shown

    def run_validation(self, data: Any = empty) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise _invalid([f"{data!r} is not of type object"])
        found, faults, missing = {}, [], []
        fields = self.fields
        for name, field in fields.items():
            if name not in data:
                missing += [f"{name} is a required property"] if field.required else []
                continue
            try:
                found[name] = field.run_validation(data[name])
            except serializers.ValidationError as error:
                faults += [f"{name} {fault}" for fault in sentences(error)]
        unknown = [] if self.takes_more else unexpected(data, fields)
        faults = unknown + faults + missing if self.unknown_first else faults + missing + unknown
        if faults := faults + self.also_wrong(data):
            raise _invalid(faults)
        return found

    def also_wrong(self, data: dict[str, Any]) -> list[str]:
        """What is wrong between the fields, told last."""
        return []


def _read_by(field: serializers.Field) -> Callable[[Any], Any]:
    """How a field's value is read. A list has thousands of them, so what is always there is read without asking twice."""
    if not field.required or field.source == "*":
        return field.get_attribute
    name = str(field.source)
    by_attribute = attrgetter(name)
    return lambda thing: thing[name] if isinstance(thing, dict) else by_attribute(thing)


def unexpected(data: dict[str, Any], fields: Any) -> list[str]:
    """The sentence about keys that a body must not have, if it has any."""
    if not (names := sorted(name for name in data if name not in fields)):
        return []
    return [f"Additional properties are not allowed ({', '.join(names)} {'was' if len(names) == 1 else 'were'} unexpected)"]


def _invalid(faults: Sequence[str]) -> serializers.ValidationError:
    """Without single quotes and without repetition, as the contract has it."""
    return serializers.ValidationError({"": list(dict.fromkeys(fault.replace("'", "") for fault in faults))})


class Input(Strict):
    """A body of the management API: unknown keys are refused, so that a misspelt one is noticed."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError({"": [f"{data!r} is not of type object"]})
        if unknown := unexpected(data, self.fields):
            raise serializers.ValidationError({"": unknown})
        return super().to_internal_value(data)


class OlderThan(Id):
    def __init__(self, **more: Any) -> None:
        words = "The id of the last one on the page before: the page continues behind it."
        super().__init__(**{"required": False, "help_text": words, **more})


class PageQuery(Shape):
    older_than = OlderThan()


class LinksSerializer(Shape):
    current = serializers.URLField()
    next = serializers.URLField(required=False)


class FaultSerializer(Shape):
    takes_more = True
    error = Text()
    message = Text()


class ErrorSerializer(Shape):
    status_code = serializers.IntegerField()
    errors = FaultSerializer(many=True)  # type: ignore[assignment] # a key of the contract


class UnknownUrlSerializer(Shape):
    result = Text()
    message = Text()


class DoneSerializer(Shape):
    """What was taken away."""

    takes_more = True
    id = Id()
