"""Letters in the shapes of the wire contract (public-api §4.6, §4.7)."""

from typing import Any

from messaging.enums import Postage
from messaging.letters.actions.accept import AcceptedLetter
from messaging.message_templates.api.serializers import Rendered
from messaging.notifications.api.serializers import sent
from notify.lib.api.fields import Id, OneOf, Personalisation, Reference, Text, refuse
from notify.lib.api.serializers import Shape

POSTAGE = (Postage.FIRST.value, Postage.SECOND.value, Postage.ECONOMY.value)


class PostageField(OneOf):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.wrong_type(data)
        return data if data in POSTAGE else refuse("invalid. It must be either first, second or economy.")


class SendLetterSerializer(Shape):
    reference = Reference()
    template_id = Id()
    personalisation = Personalisation()


class SendPrecompiledLetterSerializer(Shape):
    reference = Text()
    content = Text(help_text="The PDF in base64.")
    postage = PostageField(POSTAGE, required=False)


class LetterContentSerializer(Shape):
    subject = Text()
    body = Text()

    def to_representation(self, instance: AcceptedLetter) -> dict[str, Any]:
        values = getattr(instance.request, "personalisation", {})
        return super().to_representation(Rendered(instance.version, values))


LetterSentSerializer = sent("Letter", LetterContentSerializer)


class PrecompiledLetterSentSerializer(Shape):
    id = Id()
    reference = Text(source="request.reference")
    postage = Text()
