"""How answers are written, and which of several writers and readers a request gets."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class WireJSONRenderer(BaseRenderer):
    """JSON in ASCII with a space behind each comma and colon, byte for byte as the contract's clients know it."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping | None = None) -> bytes:
        return json.dumps(data).encode()


class FirstUnlessNamed(DefaultContentNegotiation):
    """JSON whatever the headers say (public-api §1), unless they name another class that the view has."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        first, *more = parsers
        return (super().select_parser(request, [first, *more]) or first) if more else first

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first, *more = renderers
        if more:
            with suppress(NotAcceptable):
                return super().select_renderer(request, [first, *more], format_suffix)
        return first, first.media_type
