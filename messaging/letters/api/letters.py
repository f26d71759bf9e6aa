"""Letters: from a template, ready-made as a PDF, and the PDF back (public-api §4.6, §4.7, §5.4)."""

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from messaging.enums import Postage, Status
from messaging.letters.actions import accept
from messaging.letters.actions.checks import LetterRequest, PrecompiledRequest
from messaging.letters.api.serializers import (
    LetterSentSerializer,
    PrecompiledLetterSentSerializer,
    SendLetterSerializer,
    SendPrecompiledLetterSerializer,
)
from messaging.notifications.api.notifications import one
from messaging.notifications.api.sending import SendView
from notify.lib.api.errors import ApiError, bad_request
from notify.lib.api.openapi import either, endpoint
from notify.lib.api.parsers import ApiRequest
from services.api.base import ApiView, created
from services.enums import Channel, KeyScope


class SendLetterView(SendView):
    """POST /v2/notifications/letter: the key `content` makes it a ready-made one."""

    scope = KeyScope.SEND_LETTER
    channel = Channel.LETTER

    @endpoint(
        "send_letter",
        "Send a letter",
        either("AnyLetterSent", LetterSentSerializer, PrecompiledLetterSentSerializer),
        request=either("SendAnyLetter", SendLetterSerializer, SendPrecompiledLetterSerializer),
        status=201,
        description="From a template, with the address in personalisation, or as a PDF in content.",
    )
    def post(self, request: ApiRequest) -> Response:
        self.check_day()
        data = request.data
        is_ready_made = isinstance(data, dict) and "content" in data
        return created(self._send_precompiled(data) if is_ready_made else self._send_template(data))

    def _send_template(self, body: Any) -> dict[str, Any]:
        data = SendLetterSerializer.read(body)
        accepted = accept.accept_letter(
            LetterRequest(
                service=self.service,
                template=data["template_id"],
                personalisation=data["personalisation"],
                key_type=self.key.key_type,
                api_key_id=self.key.pk,
                reference=data.get("reference"),
            )
        )
        self.note_left_today(accepted.left_today)
        return LetterSentSerializer.show(accepted)

    def _send_precompiled(self, body: Any) -> dict[str, Any]:
        data = SendPrecompiledLetterSerializer.read(body)
        accepted = accept.accept_precompiled(
            PrecompiledRequest(
                service=self.service,
                content=data["content"],
                reference=data["reference"],
                postage=data.get("postage", Postage.SECOND.value),
                key_type=self.key.key_type,
                api_key_id=self.key.pk,
            )
        )
        self.note_left_today(accepted.left_today)
        return PrecompiledLetterSentSerializer.show(accepted)


class LetterPdfView(ApiView):
    """GET /v2/notifications/{notification_id}/pdf"""

    scope = KeyScope.REPORTS

    @endpoint(
        "read_letter_pdf",
        "Fetch a letter’s PDF",
        {"type": "string", "format": "binary"},
        status=(200, "application/pdf"),
    )
    def get(self, request: ApiRequest, notification_id: str) -> HttpResponse:
        found = one(self.service, notification_id)
        if found.channel != Channel.LETTER:
            raise bad_request("Notification is not a letter")
        if found.state == Status.VIRUS_SCAN_FAILED:
            raise bad_request("File did not pass the virus scan")
        if found.state == Status.TECHNICAL_FAILURE:
            raise bad_request("PDF not available for letters in status technical-failure")
        pdf = None if found.state == Status.PENDING_VIRUS_CHECK else accept.letter_pdf(found)
        if pdf is None:
            raise ApiError(400, "PDFNotReadyError", "PDF not available yet, try again later")
        return HttpResponse(pdf, content_type="application/pdf")
