"""The OpenAPI document: valid, and true of what the API answers."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks

from services.enums import KeyScope
from services.models import Service
from tests.helpers.api import Api, make_key, make_template

pytestmark = pytest.mark.django_db

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]


@pytest.fixture
def document(service: Service) -> Iterator[Any]:
    """The document through WSGI. The server would close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/schema", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def api(service: Service) -> Api:
    """A key that may do everything."""
    return Api(make_key(service, scopes=list(KeyScope.values)))


def operation_ids() -> list[str]:
    document = SchemaGenerator().get_schema(request=None, public=True)
    return sorted(each["operationId"] for path in document["paths"].values() for each in path.values())


@pytest.mark.parametrize("operation_id", operation_ids())
def test_the_api_is_as_it_says(document: Any, api: Api, operation_id: str) -> None:
    operation = document.find_operation_by_id(operation_id)
    # What fits the document, and what does not.
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        try:
            run(operation.as_strategy(generation_mode=mode), api)
        except Unsatisfiable:
            continue


def run(strategy: Any, api: Api) -> None:
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(case=strategy)
    def ask(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": api.bearer()}, checks=CHECKS)

    ask()


def test_the_document_names_every_endpoint_once() -> None:
    document = Client().get("/api/schema").json()
    assert document["openapi"] == "3.1.1"
    operations = [each["operationId"] for path in document["paths"].values() for each in path.values()]
    assert len(operations) == len(set(operations))
    assert {"send_text", "send_email", "send_letter", "send_bulk", "read_letter_pdf"} <= set(operations)


def test_the_page_shows_every_endpoint_without_scripts_of_others(service: Service) -> None:
    make_template(service, "sms")
    make_key(service)
    response = Client().get("/api/docs")
    page = response.content.decode()
    document = Client().get("/api/schema").json()
    for path in document["paths"].values():
        for each in path.values():
            assert f'id="{each["operationId"]}"' in page
    assert "<script>" not in page
    assert "style=" not in page
