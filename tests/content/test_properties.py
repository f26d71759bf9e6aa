"""Whatever people write, nothing raises, and no recipient's data becomes HTML or a link."""

import os
import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content import (
    FORMATTED_ALL,
    InvalidRecipient,
    MessageContent,
    PostalAddress,
    UnreadableFile,
    count_sms,
    is_body_empty,
    missing_values,
    open_csv,
    open_spreadsheet,
    parse_email_address,
    parse_phone,
    placeholders,
    read_recipients,
    render_email,
    render_letter,
    render_preview_html,
    render_sms,
    render_subject_preview,
    sanitise,
    template_warnings,
    validate_template,
)
from content.sms import ALLOWED
from tests.content.wellformed import read
from tests.request_shapes import SHAPES, validate

examples = settings(
    max_examples=int(os.environ.get("NOTIFY_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)

MARKDOWN = st.sampled_from(
    ["# ", "## ", "* ", "- ", "• ", "1. ", "---", "===", "^ ", "> ", "    ", "\n", "\n\n", "[a](", "](", ")", "[", "]"]
    + ["https://a.example/b?c=1&d=2", "http://x", "javascript:alert(1)", '"', "'", "&amp;", "&", "&lt;", "<b>", "</b>"]
    + ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!-- ", "-->", "|", "|-|", "```\n", "\\", "!["]
    + ["((name))", "((other??shown))", "((", "))", "qr: ", "[^1]", "[^1]: note", "[ref]", "[ref]: http://r.example\n"]
    + ["GOV.UK", "a@b.example", " - ", " ,", "\t", "\u00a0", "\u200b", "\U000f0000", "\U0010ffff", "😀", "\u202e", "ŵ"]
)
SOURCE = st.lists(st.one_of(MARKDOWN, st.text(max_size=8)), max_size=18).map("".join)
VALUE = st.one_of(
    SOURCE, st.none(), st.booleans(), st.integers(), st.floats(), st.lists(st.one_of(SOURCE, st.none()), max_size=4)
)
VALUES = st.one_of(st.none(), st.dictionaries(st.sampled_from(["name", "other", "Name ", "x"]), VALUE, max_size=3))
FORMATTED = st.sampled_from([(), FORMATTED_ALL, ("name",)])
CHANNEL = st.sampled_from(["sms", "email", "letter"])


@examples
@given(SOURCE, SOURCE, VALUES, FORMATTED)
def test_emails_are_well_formed_whatever_is_in_them(body, subject, values, formatted):
    email = render_email(MessageContent("email", body, subject), values, formatted=formatted)
    assert read(email.body_html).problems == []
    assert email.html.startswith("<!DOCTYPE html>")
    assert "\n" not in email.subject


@examples
@given(SOURCE, SOURCE, VALUES, FORMATTED)
def test_letters_are_well_formed_whatever_is_in_them(body, subject, values, formatted):
    letter = render_letter(MessageContent("letter", body, subject, contact_block=subject), values, formatted=formatted)
    assert read(letter.html).problems == []


@examples
@given(CHANNEL, SOURCE, SOURCE, VALUES)
def test_previews_are_well_formed_whatever_is_in_them(channel, body, subject, values):
    content = MessageContent(channel, body, subject)
    assert read(render_preview_html(content, values)).problems == []
    assert read(render_subject_preview(content, values)).problems == []


@examples
@given(SOURCE)
def test_a_plain_value_makes_no_link_and_no_tag(value):
    content = MessageContent("email", "Dear ((name))\n\nNothing else.", "About ((name))")
    reader = read(render_email(content, {"name": value}).body_html)
    assert reader.problems == []
    assert reader.links == []


@examples
@given(SOURCE)
def test_a_plain_value_in_an_address_stays_in_the_address(value):
    content = MessageContent("email", "[go](https://a.example/((name))?x=1) end", "s")
    reader = read(render_email(content, {"name": value}).body_html)
    assert reader.problems == []
    assert len(reader.links) == 1
    assert reader.links[0].startswith("https://a.example/")


@examples
@given(SOURCE, VALUES)
def test_texts_only_have_characters_a_phone_can_show(body, values):
    sms = render_sms(MessageContent("sms", body), values, prefix="Service")
    assert set(sms.text) <= ALLOWED
    assert sms.fragments >= 1
    assert count_sms(sms.text).characters == len(sms.text)


@examples
@given(CHANNEL, SOURCE, SOURCE, VALUES)
def test_asking_about_a_template_never_raises(channel, body, subject, values):
    content = MessageContent(channel, body, subject)
    names = placeholders(content)
    assert set(missing_values(content, values)) <= set(names)
    assert isinstance(is_body_empty(content, values), bool)
    assert all(isinstance(problem, str) for problem in validate_template(channel, subject, body))
    assert all(isinstance(warning, str) for warning in template_warnings(channel, subject, body))
    assert isinstance(sanitise(body), str)


@examples
@given(st.one_of(st.text(max_size=40), st.text("0123456789+-() ٣\u200b\u00a0", max_size=20)), st.booleans(), st.booleans())
def test_a_phone_number_is_read_or_refused(raw, international, landlines):
    try:
        number = parse_phone(raw, international_allowed=international, landlines_allowed=landlines)
    except InvalidRecipient:
        return
    assert set(number.normalised) <= set(string.digits)
    assert number.rate_multiplier >= 1


@examples
@given(st.one_of(st.text(max_size=60), st.text("ab.@-_ é", max_size=30)))
def test_an_email_address_is_read_or_refused(raw):
    try:
        address = parse_email_address(raw)
    except InvalidRecipient:
        return
    assert address.count("@") == 1
    assert address == parse_email_address(address)


@examples
@given(st.lists(st.one_of(st.text(max_size=20), st.sampled_from(["SW1A 1AA", "France", "BFPO 1", "UK", "NFA"])), max_size=9))
def test_a_postal_address_is_read_and_says_what_is_wrong(lines):
    address = PostalAddress.parse(lines)
    assert address.is_valid == (address.error is None)
    if address.is_valid:
        assert 3 <= len(address.lines) <= 7
        assert all(line.strip() for line in address.lines)


@examples
@given(CHANNEL, st.text(alphabet='ab,"\n ;\t é0@.=', max_size=120), SOURCE)
def test_any_csv_is_read_or_refused(channel, text, body):
    content = MessageContent(channel, body, "s")
    headings = {"sms": "phone number", "email": "email address", "letter": "address line 1,address line 2,postcode"}
    for csv in (text, f"{headings[channel]},name\n{text}"):
        try:
            sheet = read_recipients(open_csv(csv), content)
            summary = sheet.check()
        except UnreadableFile:
            continue
        assert summary.bad_row_count <= summary.row_count


@examples
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.tsv", "a.xlsx", "a.xls", "a.ods", "a.xlsm", "a.exe", "a"]))
def test_any_file_is_read_or_refused(data, name):
    try:
        with open_spreadsheet(data, name) as sheet:
            for _ in sheet.rows:
                pass
    except UnreadableFile:
        return


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted({name for shape in SHAPES.values() for name in shape().fields})


@examples
@given(st.sampled_from(sorted(SHAPES)), st.one_of(JSON, st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6)))
def test_any_request_is_accepted_or_answered_with_messages(schema, data):
    errors = validate(schema, data)
    assert all(error["error"] == "ValidationError" and "'" not in error["message"] for error in errors)
