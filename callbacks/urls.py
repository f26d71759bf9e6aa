"""Addresses of this app's pages."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from callbacks.views import demo, endpoints, log

app_name = "callbacks"

_service = [
    path("", endpoints.CallbackList.as_view(), name="callback-list"),
    path("/log", log.DeliveryList.as_view(), name="delivery-list"),
    path("/log/<uuid:delivery_id>", log.DeliveryDetail.as_view(), name="delivery-detail"),
    path("/endpoints/<uuid:endpoint_id>", endpoints.EndpointDetail.as_view(), name="endpoint-detail"),
    path("/endpoints/<uuid:endpoint_id>/change", endpoints.EndpointChange.as_view(), name="endpoint-change"),
    path("/endpoints/<uuid:endpoint_id>/remove", endpoints.EndpointRemove.as_view(), name="endpoint-remove"),
    path("/endpoints/<uuid:endpoint_id>/send-again", log.EndpointReplay.as_view(), name="endpoint-replay"),
    *[
        path(
            f"/endpoints/<uuid:endpoint_id>/{verb}",
            endpoints.EndpointDo.as_view(),
            {"verb": verb},
            name=f"endpoint-{verb}",
        )
        for verb in ("test", "secret", "on", "off")
    ],
    re_path(rf"^/(?P<slug>{'|'.join(endpoints.KINDS)})$", endpoints.KindForm.as_view(), name="endpoint-form"),
    re_path(rf"^/(?P<slug>{'|'.join(endpoints.KINDS)})/add$", endpoints.EndpointAdd.as_view(), name="endpoint-add"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("services/<uuid:service_id>/api/callbacks", include(_service)),
]

if settings.SANDBOX:
    urlpatterns += [
        path("_demo/callback-receiver", demo.callback_receiver, name="demo-receiver"),
        path("_demo/callback-receiver/<slug:answer>", demo.callback_receiver, name="demo-receiver-answering"),
    ]
