"""Letters: from a template, ready-made as a PDF, and the PDF back (public-api §4.6, §4.7, §5.4)."""

import base64
import binascii
from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema_view

from messaging.enums import Postage, Status
from messaging.letters.actions import accept
from messaging.message_templates.api.representations import rendered
from messaging.message_templates.queries.templates import template_with_version
from messaging.notifications.api import representations
from messaging.notifications.api.notifications import one
from messaging.notifications.api.sending import SendView
from messaging.notifications.rules import check_channel
from notify.lib.api_errors import COMMON_HEADERS, ApiError, bad_request, json_response
from services.api import openapi, validation
from services.api.base import ApiView
from services.api.validation import parse_uuid
from services.enums import Channel, KeyScope


@extend_schema_view(post=openapi.send_letter)
class SendLetterView(SendView):
    """POST /v2/notifications/letter: the key `content` makes it a ready-made one."""

    scope = KeyScope.SEND_LETTER
    channel = Channel.LETTER

    def send(self, data: Any) -> HttpResponse:
        if isinstance(data, dict) and "content" in data:
            return self._send_precompiled(data)
        return self._send_template(data)

    def _send_template(self, data: Any) -> HttpResponse:
        self.refuse_faults(validation.check_letter(data))
        check_channel(self.service, self.channel)
        template_id = parse_uuid(data["template_id"])
        assert template_id is not None
        template, version = template_with_version(self.service.pk, template_id)
        accepted = accept.accept_letter(
            accept.LetterRequest(
                service=self.service,
                template=template,
                version=version,
                personalisation=data["personalisation"],
                key_type=self.key.key_type,
                api_key_id=self.key.pk,
                reference=data.get("reference"),
            )
        )
        self.note_left_today(accepted.left_today)
        subject, body = rendered(template, version, data["personalisation"])
        content = {"subject": subject, "body": body}
        return json_response(representations.sent(accepted.id, data.get("reference"), template, version.number, content), 201)

    def _send_precompiled(self, data: dict[str, Any]) -> HttpResponse:
        self.refuse_faults(validation.check_precompiled(data))
        check_channel(self.service, self.channel)
        accept.check_may_send_letters(self.service, self.key.key_type)
        try:
            pdf = base64.b64decode(data["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise bad_request("Cannot decode letter content (invalid base64 encoding)") from error
        postage = data.get("postage", Postage.SECOND.value)
        accepted = accept.accept_precompiled(
            accept.PrecompiledRequest(
                service=self.service,
                pdf=pdf,
                reference=data["reference"],
                postage=postage,
                key_type=self.key.key_type,
                api_key_id=self.key.pk,
            )
        )
        self.note_left_today(accepted.left_today)
        return json_response({"id": str(accepted.id), "reference": data["reference"], "postage": postage}, 201)


class LetterPdfView(ApiView):
    """GET /v2/notifications/{notification_id}/pdf"""

    scope = KeyScope.REPORTS

    @openapi.letter_pdf
    def get(self, request: HttpRequest, notification_id: str) -> HttpResponse:
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
        return HttpResponse(pdf, content_type="application/pdf", headers=COMMON_HEADERS)
