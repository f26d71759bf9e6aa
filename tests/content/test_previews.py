"""Templates and letters as pages show them."""

import pytest

from content import (
    MessageContent,
    render_letter,
    render_preview_html,
    render_subject_preview,
    template_warnings,
    validate_template,
)
from content.letters import Block, QrTooLong, Run

MARK = '<mark class="placeholder">&#40;&#40;{}&#41;&#41;</mark>'


@pytest.mark.parametrize(
    ("channel", "html"),
    [
        ("sms", f"Hi {MARK.format('name')} &lt;b&gt;<br>x"),
        ("email", f"<p>Hi {MARK.format('name')} &lt;b&gt;<br>x</p>"),
        ("letter", f"<p>Hi {MARK.format('name')} &lt;b&gt;<br>x</p>"),
    ],
)
def test_gaps_are_marked_and_the_rest_is_escaped(channel, html):
    assert render_preview_html(MessageContent(channel, "Hi ((name)) <b>\nx")) == html


def test_values_fill_the_gaps_of_a_preview():
    content = MessageContent("sms", "((a)) ((b))", "")
    assert render_preview_html(content, {"a": "<i>“x”"}, prefix="Ely") == f'Ely: &lt;i&gt;"x" {MARK.format("b")}'


def test_an_open_conditional_shows_its_question_and_its_text():
    html = render_preview_html(MessageContent("sms", "((c??one, two))"))
    assert html == '<mark class="placeholder-conditional">&#40;&#40;c??</mark>one, two&#41;&#41;'


def test_a_subject_is_one_safe_line():
    content = MessageContent("email", "", " A\n((b)) & <c> it's ")
    assert render_subject_preview(content) == f"A {MARK.format('b')} &amp; &lt;c&gt; it’s"


def test_the_unsubscribe_option_shows_in_a_preview():
    html = render_preview_html(MessageContent("email", "x", "s", unsubscribe_link=True))
    assert html == '<p>x</p><hr><p><a href="/unsubscribe/example">Unsubscribe from these emails</a></p>'


def test_a_letter_is_blocks_for_the_typesetter():
    body = "# Head\n\nDear ((name)), see https://www.gov.uk/x.\nNext\n\n((list))\n\n---\n\n1. one\n\nqr: https://a.uk/((name))"
    values = {
        "name": "J & <J>",
        "list": ["a", "b"],
        "address line 1": "A",
        "address line 2": "B",
        "postcode": "sw1a1aa",
    }
    letter = render_letter(MessageContent("letter", body, "About ((name))", contact_block="Ely\n ((name)) \nCB7"), values)
    item = lambda text: (Block("paragraph", (Run(text),)),)  # noqa: E731
    assert letter.address_lines == ("A", "B", "SW1A 1AA")
    assert letter.contact_lines == ("Ely", "J & <J>", "CB7")
    assert letter.heading == "About J & <J>"
    assert letter.blocks == (
        Block("heading", (Run("Head"),)),
        Block("paragraph", (Run("Dear J & <J>, see "), Run("www.gov.uk/x", bold=True), Run(".\nNext"))),
        Block("list", items=(item("a"), item("b"))),
        Block("page_break"),
        Block("list", items=(item("one"),), ordered=True),
        Block("qr", data="https://a.uk/J & <J>"),
    )


def test_on_paper_gov_uk_needs_no_defusing():
    letter = render_letter(MessageContent("letter", "GOV.UK ((x))", "h"), {"x": "gov.uk"})
    assert letter.html == "<p>GOV.UK gov.uk</p>"


def test_a_qr_code_with_too_much_in_it_is_told():
    letter = render_letter(MessageContent("letter", "qr: ((u))", "h"), {"u": "é" * 253})
    assert letter.qr_too_long == QrTooLong("é" * 253, 506, 504)


def test_a_bilingual_letter_has_both_languages():
    content = MessageContent("letter", "Hello", "Heading", welsh_subject="Pennawd", welsh_body="Helo ((enw))")
    letter = render_letter(content, {"enw": "Siân"})
    assert (letter.welsh_heading, letter.welsh_blocks) == ("Pennawd", (Block("paragraph", (Run("Helo Siân"),)),))


@pytest.mark.parametrize(
    ("channel", "subject", "body", "problems"),
    [
        ("sms", "", "Hello", []),
        ("sms", "", "  ", ["Enter a message"]),
        ("email", "", "x", ["Enter a subject"]),
        ("letter", " ", "x", ["Enter a heading"]),
        ("sms", "", "((a, b))", ["You cannot put commas between double brackets"]),
        ("sms", "", "a" * 920, ["The message is 2 characters too long: the most is 918"]),
        ("sms", "", "a" * 918 + "((name))", []),
        ("email", "s", "a" * 2_000_001, ["The message is too long: the most is 2 MB"]),
        ("letter", "h", "qr: " + "x" * 505, ["The QR code holds 505 characters: the most is 504. Use a shorter link"]),
    ],
)
def test_says_what_is_wrong_with_a_template(channel, subject, body, problems):
    assert validate_template(channel, subject, body) == problems


def test_warns_of_slips():
    assert template_warnings("sms", "", "((name) is 中 😀 é") == [
        "The brackets at “((name” are not closed, so they will be sent as they are",
        "Text messages cannot show 中, 😀: they will arrive as “?”",
    ]
