"""What the API answers where an action refuses."""

import pytest
from rest_framework.exceptions import NotFound, ValidationError

from messaging.letters.api import refusals as letters
from messaging.notifications.api import refusals
from messaging.notifications.refusals import MessageRefused, over_daily_limit
from notify.lib.api.exception_handler import answers, api_error, exception_handler
from notify.lib.refusals import ActionRefused, PermissionRefused, Reason


def test_a_refusal_without_an_answer_says_its_own_sentences_with_their_fields() -> None:
    refused = api_error(ActionRefused(Reason("a", "Too bad", "name"), Reason("b", "And this")))
    assert (refused.status_code, refused.errors) == (
        400,
        [
            {"error": "BadRequestError", "message": "Too bad", "field": "name"},
            {"error": "BadRequestError", "message": "And this"},
        ],
    )
    assert api_error(PermissionRefused("No")).status_code == 403


def test_a_message_is_refused_in_the_words_of_the_contract() -> None:
    refused = api_error(over_daily_limit("sms", 50))
    message = "Exceeded send limits (sms: 50) for today"
    assert (refused.status_code, refused.errors) == (429, [{"error": "TooManyRequestsError", "message": message}])


def test_a_code_of_the_text_engine_is_a_validation_error() -> None:
    refused = api_error(MessageRefused("too_short", "Too short", field="phone_number", invalid="phone_number Too short"))
    assert refused.errors == [{"error": "ValidationError", "message": "phone_number Too short"}]


@pytest.mark.parametrize("code", [*refusals.ANSWERS, *letters.ANSWERS])
def test_every_answer_is_known_where_the_api_looks_for_it(code: str) -> None:
    assert answers.get((MessageRefused, code)) is (refusals.ANSWERS | letters.ANSWERS)[code]


def test_what_the_framework_refuses_is_told_in_the_envelope() -> None:
    response = exception_handler(ValidationError({"name": ["is silly"], "": ["{} is odd"]}), {})
    assert response.data == {
        "status_code": 400,
        "errors": [
            {"error": "ValidationError", "message": "name is silly"},
            {"error": "ValidationError", "message": "{} is odd"},
        ],
    }
    assert exception_handler(NotFound(), {}).data["result"] == "error"
