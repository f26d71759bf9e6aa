"""Every address says who may open it, and nothing opens for people who are not signed in unless it says so."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from notify.lib.access import KINDS

# Libraries' own pages; their middleware and views look after access.
FOREIGN = ("allauth.", "django.contrib.admin.", "django.views.", "django.contrib.auth.", "django_prometheus.")
SAMPLES = {
    "uuid": "018f0000-0000-7000-8000-000000000000",
    "int": "1",
    "slug": "sms",
    "str": "anything",
    "path": "anything",
}


def every_pattern(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_pattern(pattern, route)
        else:
            yield route, pattern


def own_views() -> list[tuple[str, URLPattern]]:
    return [
        (route, pattern)
        for route, pattern in every_pattern()
        if not _module(pattern).startswith(FOREIGN) and not route.startswith("admin/")
    ]


def _module(pattern: URLPattern) -> str:
    view = pattern.callback
    return str(getattr(getattr(view, "view_class", view), "__module__", ""))


def access_of(pattern: URLPattern) -> str:
    view = pattern.callback
    found = getattr(view, "access", None) or getattr(getattr(view, "view_class", None), "access", None)
    return str(found or getattr(getattr(view, "cls", None), "access", ""))


def test_every_view_says_who_may_open_it():
    silent = [route for route, pattern in own_views() if access_of(pattern) not in KINDS]
    assert silent == []


def _path(pattern: URLPattern, route: str) -> str | None:
    """An address of a route; None for regular expressions, which only libraries use."""
    if not isinstance(pattern.pattern, RoutePattern):
        return None
    path = route
    for kind, sample in SAMPLES.items():
        while f"<{kind}:" in path:
            start = path.index(f"<{kind}:")
            path = path[:start] + sample + path[path.index(">", start) + 1 :]
    while "<" in path:
        start = path.index("<")
        path = path[:start] + "anything" + path[path.index(">", start) + 1 :]
    return "/" + path.replace("^", "").replace("$", "")


@pytest.mark.django_db
def test_people_who_are_not_signed_in_are_sent_to_sign_in():
    client = Client(raise_request_exception=False)
    wrong = {}
    for route, pattern in own_views():
        path = _path(pattern, route)
        if path is None or access_of(pattern) not in {"service", "organisation", "signed_in", "staff"}:
            continue
        for method in ("get", "post"):
            response = getattr(client, method)(path)
            if not (response.status_code == 302 and "sign-in" in response.headers["Location"]):
                wrong[f"{method} {route}"] = response.status_code
    assert wrong == {}
