"""The base views of the API. What happens to a request, and in which order, is REST framework's (public-api §4.1).

Wrong methods are refused first; then come authentication, permissions (scopes), throttles and the body, each by the
classes named here; an exception becomes an answer in notify.lib.api.exception_handler.
"""

from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from rest_framework import exceptions
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from notify.lib.api.errors import COMMON_HEADERS, no_result, validation_error
from notify.lib.api.fields import parse_uuid
from notify.lib.api.pagination import KeysetPagination
from notify.lib.api.parsers import ApiRequest, LimitedJSONParser
from notify.lib.api.renderers import FirstUnlessNamed, WireJSONRenderer
from notify.lib.api.serializers import Input, Shape
from services.api.authentication import ApiKeyAuthentication
from services.api.idempotency import Idempotent
from services.api.permissions import HasManagementScope, HasScope
from services.enums import KeyScope
from services.models import ApiKey, Service

M = TypeVar("M", bound=Model)


class ApiView(Idempotent):
    """A view behind an API key."""

    access = "api_key"
    authentication_classes = [ApiKeyAuthentication]
    permission_classes: Any = [HasScope]
    throttle_classes: Any = []
    parser_classes = [LimitedJSONParser]
    renderer_classes = [WireJSONRenderer]
    content_negotiation_class = FirstUnlessNamed
    http_method_names = ["get", "head", "post", "put", "patch", "delete", "options"]
    # What a key with scopes must have for this view; None: any of them will do.
    scope: str | None = None
    # Methods for which the contract knows no such URL at all.
    unknown_methods: ClassVar[set[str]] = set()
    # For the OpenAPI document: the group it stands in, the shape of its query, whether a body names other things by id.
    tag = "Read"
    query_serializer: type[Shape] | None = None
    names_others = False

    request: ApiRequest

    @property
    def service(self) -> Service:
        return self.key.service

    @cached_property
    def answer_headers(self) -> dict[str, str]:
        """What every answer to this request says beside its body, a refusal too."""
        return {}

    @property
    def default_response_headers(self) -> dict[str, str]:
        return COMMON_HEADERS

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> ApiRequest:
        return ApiRequest(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    def perform_authentication(self, request: Any) -> None:
        super().perform_authentication(request)
        self.key = cast(ApiKey, request.auth)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Routing comes before everything else: a method the view does not have is nobody's secret."""
        method = str(request.method).lower()
        if method in self.unknown_methods:
            raise Http404
        if method not in self.http_method_names or not hasattr(self, method):
            raise exceptions.MethodNotAllowed(method)
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.answer_headers.items():
            response.headers.setdefault(name, value)
        return response

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return HttpResponse(headers={"Allow": ", ".join(self.allowed_methods)})

    def require_scope(self, scope: str) -> None:
        """Refuse a key with scopes that lacks one which is known only now."""
        self.scope = scope
        self.check_permissions(self.request)


class ListApiView(ApiView, GenericAPIView):
    """A list page by page. The view names its rows, the shape of its query, and which cursors it takes."""

    pagination_class = KeysetPagination
    page_name: ClassVar[str]
    cursor_in_current = True
    filter_backends: Any = []

    def page(self, rows: QuerySet[M]) -> list[M]:
        """The page of these rows that the request asks for."""
        return self.paginate_queryset(rows) or []

    def cursors(self) -> QuerySet[Any] | None:
        """Where a cursor must be found; None: anywhere will do."""
        return None


class ManageView(ApiView):
    """A view of the management API, for keys with one of `scopes`."""

    permission_classes: Any = [HasManagementScope]
    scopes: ClassVar[tuple[str, ...]] = (KeyScope.MANAGE,)

    def validated(self, kind: type[Input]) -> dict[str, Any]:
        """The checked body; every fault is told at once."""
        body = kind(data=self.request.data)
        body.is_valid(raise_exception=True)
        return body.validated_data

    def find(self, model: type[M], pk: str, **more: Any) -> M:
        """One of the service's own things. Refuses what is no id (400) and what is not there (404)."""
        found = model._default_manager.filter(pk=path_id(pk), service=self.service, **more).first()
        if found is None:
            raise no_result()
        return found


def path_id(text: str, name: str = "id") -> UUID:
    """An id in the path, under the name the contract gives it. Refuses what is none."""
    found = parse_uuid(text)
    if found is None:
        raise validation_error([f"{name} is not a valid UUID"])
    return found


def created(data: Any) -> Response:
    return Response(data, status=201)
