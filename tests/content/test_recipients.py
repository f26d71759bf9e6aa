"""Spreadsheets of recipients: headings, cells, rows, and the one problem the page shows."""

import pytest

from content import MessageContent, example_spreadsheet, open_csv, read_recipients, to_csv
from content.recipients import MAX_BAD_ROWS, MISSING, QR_TOO_LONG, TOO_LONG

SMS = MessageContent("sms", "Hello ((name))")
EMAIL = MessageContent("email", "Hello ((name))", "About ((thing))")
LETTER = MessageContent("letter", "Dear ((name))", "Heading")


def sheet(csv, content=SMS, **rules):
    return read_recipients(open_csv(csv), content, **rules)


def checked(csv, content=SMS, **rules):
    result = sheet(csv, content, **rules)
    rows = list(result)
    return result, rows


def test_headings_are_matched_without_case_spaces_hyphens_and_underscores():
    result, rows = checked("PHONE_number, Na-Me\n07700900123,Jo")
    assert result.problem is None
    assert (rows[0].number, rows[0].recipient, rows[0].values) == (
        2,
        "07700900123",
        {"phonenumber": "07700900123", "name": "Jo"},
    )


def test_rows_may_be_given_without_a_file():
    rows = list(read_recipients([["phone number", "name"], [7700900123.0, "Jo"]], SMS))
    assert [(row.recipient, row.has_error) for row in rows] == [("7700900123", False)]


@pytest.mark.parametrize(
    ("csv", "content", "rules", "problem"),
    [
        ("phone number,name\n07700900123,Jo\n07700900124,Al", SMS, {"max_rows": 1}, "too_many_rows"),
        ("phone number,name", SMS, {}, "no_rows"),
        ("name\nJo", SMS, {}, "no_recipient_column"),
        ("postcode,name\nSW1A 1AA,Jo", LETTER, {}, "no_recipient_column"),
        ("phone number,phone number,name\n1,2,Jo", SMS, {}, "recipient_column_repeated"),
        ("phone number\n07700900123", SMS, {}, "missing_columns"),
        ("phone number,name\n07700900123,", SMS, {}, "bad_rows"),
        ("phone number,name\n07700900123,Jo", SMS, {"allow_list": ["07700900999"]}, "not_allowed"),
        ("phone number,name\n07700900123,Jo\n07700900124,Al", SMS, {"remaining": 1}, "more_rows_than_remaining"),
        (
            "phone number,name\n+33612345678,Jo",
            SMS,
            {"international_allowed": True, "remaining_international": 0},
            "more_international_than_remaining",
        ),
        ("phone number,name\n+447700900123,Jo", SMS, {"allow_list": ["07700 900 123"], "remaining": 1}, None),
    ],
)
def test_the_first_matching_problem_is_the_one_to_show(csv, content, rules, problem):
    assert checked(csv, content, **rules)[0].problem == problem


def test_missing_columns_are_named_as_the_template_spells_them():
    result, _ = checked("thing\nx", EMAIL)
    assert result.missing_columns == ["name", "email address"]


def test_a_bad_cell_says_why():
    _, rows = checked("email address,name,thing\nnope,,x", EMAIL)
    assert rows[0].errors == {"emailaddress": "Not a valid email address", "name": MISSING}
    assert rows[0].is_bad_recipient
    assert rows[0].has_missing


def test_columns_of_one_name_make_a_list():
    _, rows = checked("email address,name,thing,thing\na@b.uk,Jo,x,y", EMAIL)
    assert rows[0].values["thing"] == ["x", "y"]


def test_cells_beyond_the_headings_do_not_count():
    _, rows = checked("phone number,name\n07700900123,Jo,extra,more")
    assert rows[0].values == {"phonenumber": "07700900123", "name": "Jo"}
    assert not rows[0].has_error


def test_a_short_row_misses_its_last_cells():
    _, rows = checked("phone number,name\n07700900123\n07700900124,Al")
    assert [row.errors for row in rows] == [{"name": MISSING}, {}]


def test_a_text_that_is_too_long_says_so_whatever_made_it_long():
    body = MessageContent("sms", "((name))((more??" + "y" * 10 + "))")
    _, rows = checked(f"phone number,name,more\n07700900123,{'…' * 303},yes\n07700900123,{'x' * 918},no", body)
    assert [row.problems for row in rows] == [(TOO_LONG,), ()]


def test_the_length_is_not_rendered_where_it_cannot_matter():
    result, _ = checked("phone number,name\n07700900123,Jo")
    assert not result._may_be_too_long.applies({"name": "Jo"})
    assert result._may_be_too_long.applies({"name": "x" * 400})


def test_a_letter_row_with_a_bad_address_says_why():
    csv = "address line 1,address line 2,postcode,name\nA,B,nowhere,Jo\nA,B,SW1A1AA,Al"
    _, rows = checked(csv, LETTER)
    assert rows[0].problems == ("Must be a real UK postcode",)
    assert rows[1].address.lines == ("A", "B", "SW1A 1AA")


def test_a_letter_row_with_too_much_in_its_qr_code_says_so():
    content = MessageContent("letter", "qr: ((code))", "Heading")
    csv = f"address line 1,address line 2,postcode,code\nA,B,SW1A 1AA,{'x' * 505}"
    assert checked(csv, content)[1][0].problems == (QR_TOO_LONG,)


def test_only_the_first_bad_rows_are_kept():
    result = sheet("phone number,name\n" + "abc,Jo\n" * (MAX_BAD_ROWS + 20))
    summary = result.check()
    assert (summary.bad_row_count, len(summary.bad_rows)) == (MAX_BAD_ROWS + 20, MAX_BAD_ROWS)


def test_rows_are_read_one_at_a_time():
    taken = []

    def rows():
        yield ["phone number", "name"]
        for number in range(1000):
            taken.append(number)
            yield ["07700900123", "Jo"]

    reading = iter(read_recipients(rows(), SMS))
    next(reading)
    assert taken == [0]


@pytest.mark.parametrize(
    ("content", "csv"),
    [
        (SMS, "phone number,name\r\n07700 900321,name 1\r\n"),
        (EMAIL, "email address,thing,name\r\ntest@example.com,thing 1,name 1\r\n"),
    ],
)
def test_the_example_file_fits_the_template(content, csv):
    assert example_spreadsheet(content) == csv
    assert checked(csv, content)[0].problem is None


def test_the_example_letter_file_has_an_address_that_can_be_sent_to():
    result, rows = checked(example_spreadsheet(LETTER), LETTER)
    assert result.problem is None
    assert rows[0].address.is_valid


def test_written_csv_starts_no_formula():
    rows = [["=1+1", "-1", "@x", "+44 7700 900123", "+cmd", "\t=x", "ok", None]]
    assert to_csv(rows) == "'=1+1,'-1,'@x,+44 7700 900123,'+cmd,'\t=x,ok,\r\n"
