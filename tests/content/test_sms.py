"""Text messages beyond the conformance cases."""

import pytest

from content import MessageContent, SmsSize, count_sms, render_sms


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", SmsSize("gsm", 1, 0, too_long=False)),
        ("a" * 160, SmsSize("gsm", 1, 160, too_long=False)),
        ("a" * 161, SmsSize("gsm", 2, 161, too_long=False)),
        ("[" * 80, SmsSize("gsm", 1, 80, too_long=False)),
        ("[" * 81, SmsSize("gsm", 2, 81, too_long=False)),
        ("ŵ" * 71, SmsSize("ucs2", 2, 71, too_long=False)),
        ("ŵ" * 918, SmsSize("ucs2", 14, 918, too_long=False)),
        ("a" * 919, SmsSize("gsm", 7, 919, too_long=True)),
        ("😀" * 10, SmsSize("gsm", 1, 10, too_long=False)),
        ("…", SmsSize("gsm", 1, 3, too_long=False)),
    ],
)
def test_size_of_a_text(text, size):
    assert count_sms(text) == size


def test_right_to_left_and_emoji_become_question_marks_rather_than_a_dearer_message():
    assert render_sms(MessageContent("sms", "((v))"), {"v": "שלום 😀!"}).text == "???? ?!"


def test_without_values_placeholders_take_no_room_but_are_shown():
    sms = render_sms(MessageContent("sms", "Hi ((name))!"), None)
    assert (sms.text, sms.characters) == ("Hi ((name))!", 4)


def test_the_prefix_counts_for_parts_but_not_for_the_limit():
    sms = render_sms(MessageContent("sms", "a" * 155), None, prefix="Council")
    assert (sms.fragments, sms.characters, sms.characters_without_prefix, sms.body) == (2, 164, 155, "a" * 155)
