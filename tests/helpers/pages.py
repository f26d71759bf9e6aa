"""Addresses of a service's pages, and what a page says."""

import re
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from services.models import Service


def url(name: str, service: Service, **more: Any) -> str:
    return reverse(f"services:{name}", kwargs={"service_id": service.pk, **more})


def text_of(response: HttpResponse) -> str:
    """What a page says, without markup."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())
