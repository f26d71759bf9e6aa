"""Emails: formatted and plain values, links, brands, the document around it all."""

import pytest

from content import FORMATTED_ALL, EmailBranding, MessageContent, render_body_html, render_email
from content.emails import PAGE, email_body_bytes
from content.inlines import render
from tests.content.wellformed import read


def page_html(body, values=None, **options):
    return render_body_html(MessageContent("email", body), values, for_page=True, **options)


def text(body, values=None, **options):
    return render_email(MessageContent("email", body), values, **options).text


@pytest.mark.parametrize(
    ("body", "value", "html", "plain"),
    [
        ("((v))", "# x", "<p># x</p>", "# x\n"),
        ("((v))", "* x", "<p>* x</p>", "* x\n"),
        ("((v))", "1. x", "<p>1. x</p>", "1. x\n"),
        ("((v))", "---", "<p>---</p>", "---\n"),
        ("((v))", "[a](https://evil.example)", "<p>[a](https://evil.example)</p>", "[a](https://evil.example)\n"),
        ("((v))", "https://evil.example", "<p>https://evil.example</p>", "https://evil.example\n"),
        ("((v))", "<b>&amp;</b>", "<p>&lt;b&gt;&amp;amp;&lt;/b&gt;</p>", "<b>&amp;</b>\n"),
        ("((v))", "a\n\nb", "<p>a<br><br>b</p>", "a\n\nb\n"),
        ("((v))", 'it\'s "x"', "<p>it’s “x”</p>", "it’s “x”\n"),
        ("((v))", "\\*x\\*", "<p>\\*x\\*</p>", "\\*x\\*\n"),
        ("# ((v))", "a # b", "<h2>a # b</h2>", f"a # b\n{'=' * 65}\n"),
        ("* ((v))", ["a", "[b](c)"], "<ul><li></li><li><p> a</p></li><li>[b](c)</li></ul>", "• \n• a\n• [b](c)\n"),
        ("See ((v))", ["a", "b"], "<p>See </p><ul><li>a</li><li>b</li></ul>", "See \n\n• a\n• b\n"),
        (
            "[go](https://a.example/((v)))",
            "x y",
            '<p><a href="https://a.example/x%20y">go</a></p>',
            "go: https://a.example/x y\n",
        ),
        ("[go](((v)))", "javascript:x", '<p><a href="http://javascript:x">go</a></p>', "go: javascript:x\n"),
        ("[go](((v)))", "https://a.example", '<p><a href="https://a.example">go</a></p>', "go: https://a.example\n"),
        ("[((v))](https://a.example)", "x](y", '<p><a href="https://a.example">x](y</a></p>', "x](y: https://a.example\n"),
        (
            "https://a.example/((v))",
            "b c",
            '<p><a href="https://a.example/b%20c">https://a.example/b c</a></p>',
            "https://a.example/b c\n",
        ),
    ],
)
def test_a_value_is_plain_text_unless_its_placeholder_is_formatted(body, value, html, plain):
    assert page_html(body, {"v": value}) == html
    assert text(body, {"v": value}) == plain


def test_a_formatted_value_is_markdown_and_its_neighbour_is_not():
    values = {"rich": "* a\n* b", "plain": "* c"}
    assert page_html("((rich))\n\n((plain))", values, formatted=["Rich"]) == "<ul><li>a</li><li>b</li></ul><p>* c</p>"


def test_no_value_can_fill_another_placeholder_or_stand_in_for_one():
    values = {"a": "((b))", "b": "secret", "c": "\U000f0001\U0010ffff"}
    assert page_html("((a)) ((c)) ((d))", values) == (
        '<p>((b)) \U000f0001\U0010ffff <mark class="placeholder">&#40;&#40;d&#41;&#41;</mark></p>'
    )
    assert page_html("((c))((b))", values, formatted=FORMATTED_ALL) == "<p>secret</p>"


def test_templates_are_remembered_without_their_values():
    first = page_html("Dear ((name))", {"name": "Jo"})
    assert (first, page_html("Dear ((name))", {"name": "Al"})) == ("<p>Dear Jo</p>", "<p>Dear Al</p>")


def test_the_ampersands_of_links_survive_in_plain_text():
    assert text("https://a.example?b=1&copy=2&lt=3") == "https://a.example?b=1&copy=2&lt=3\n"


def test_a_title_cannot_leave_its_attribute():
    html = page_html('[a](http://b.example "x" onclick="y")')
    assert read(html).problems == []
    assert html == '<p><a href="http://b.example" title="x&quot; onclick=&quot;y">a</a></p>'


def test_the_document_has_subject_preheader_body_and_footer():
    content = MessageContent("email", "# Hello\n\nDear ((name)) <b>", "About ((name)) & co")
    email = render_email(content, {"name": "Jo"}, footer_contact="Sent by <us>")
    assert email.subject == "About Jo & co"
    assert "<title>About Jo &amp; co</title>" in email.html
    assert ">Hello Dear Jo &lt;b&gt;</div>" in email.html
    assert "Sent by &lt;us&gt;" in email.html
    assert email.body_html in email.html
    assert email.text.endswith("\nSent by <us>\n")


@pytest.mark.parametrize("style", ["govuk", "org", "both", "org_banner", "unknown"])
def test_every_brand_makes_a_document(style):
    brand = EmailBranding(style, 'https://a.example/l.png?x=1&y="2', "#005ea5", 'Ely & "Co"', "")
    html = render_email(MessageContent("email", "x", "s"), None, brand=brand).html
    assert ("https://a.example/l.png?x=1&amp;y=%222" in html) == (style in ("org", "both", "org_banner"))
    assert html.count("<table") == html.count("</table>")


def test_a_brand_cannot_carry_anything_but_a_picture_a_colour_and_words():
    brand = EmailBranding("org_banner", 'javascript:alert("x")', 'red;"><script>', "<script>", "")
    html = render_email(MessageContent("email", "x", "s"), None, brand=brand).html
    assert "script>" not in html.replace("&lt;script&gt;", "")
    assert "javascript" not in html


def test_an_unsubscribe_link_comes_after_a_rule():
    content = MessageContent("email", "Body\n\n* a")
    email = render_email(content, None, unsubscribe_url="https://a.example/u?x=1&y=2")
    assert email.body_html.count("<hr") == 1
    assert 'href="https://a.example/u?x=1&amp;y=2"' in email.body_html
    assert email.text.endswith("Unsubscribe from these emails: https://a.example/u?x=1&y=2\n")


def test_the_size_is_that_of_the_source_with_its_values():
    assert email_body_bytes(MessageContent("email", " ((v)) "), {"v": ["é", "b"]}) == len("* é\n* b".encode())


@pytest.mark.parametrize("hostile", ["[", "[a](", "* ", "```a\n", '<a b="', "<!--", " " * 9 + "x", "a@'", "|", "\\", "&#"])
def test_hostile_markdown_is_rendered_in_time(hostile):
    assert isinstance(render(hostile * 20_000, PAGE), str)
