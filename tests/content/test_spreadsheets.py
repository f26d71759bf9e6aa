"""Files people upload: every kind is read, every trap is refused with a sentence."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from content import UnreadableFile, open_spreadsheet
from content.spreadsheets import MAX_FILE_BYTES, cell_text, decode, tidy_cell


def read(data, name="people.csv"):
    with open_spreadsheet(data, name) as sheet:
        return sheet.headers, [list(row) for row in sheet.rows]


def workbook(*rows, prepare=lambda book: None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    prepare(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def refusal(data, name):
    with pytest.raises(UnreadableFile) as refused:
        read(data, name)
    return refused.value.code


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("name,phone\nZoë,07700900123".encode(), "a.csv"),
        ("name,phone\nZoë,07700900123".encode("utf-8-sig"), "a.csv"),
        ("name,phone\nZoë,07700900123".encode("cp1252"), "A.CSV"),
        ("name,phone\nZoë,07700900123".encode("utf-16"), "a.csv"),
        ("name,phone\nZoë,07700900123".encode("utf-16-le"), "a.csv"),
        ("name,phone\r\nZoë,07700900123\r\n\r\n".encode(), "a.csv"),
        ("name,phone\rZoë,07700900123".encode(), "a.csv"),
        ("name;phone\nZoë;07700900123".encode(), "a.csv"),
        ("name\tphone\nZoë\t07700900123".encode(), "a.tsv"),
        ("name\tphone\nZoë\t07700900123".encode("utf-16"), "a.txt"),
        (workbook(["name", "phone"], ["Zoë", "07700900123"]), "a.xlsx"),
        (workbook(["name", "phone"], ["Zoë", "07700900123"]), "a.xlsm"),
    ],
)
def test_reads_every_kind_of_file(data, name):
    assert read(data, name) == (["name", "phone"], [["Zoë", "07700900123"]])


def test_quoted_cells_may_have_commas_and_lines():
    assert read(b'a,b\n"x, y","one\ntwo"') == (["a", "b"], [["x, y", "one\ntwo"]])


def test_numbers_dates_and_times_come_as_people_read_them():
    data = workbook(
        ["number", "decimal", "day", "moment", "time", "yes"],
        [7700900123, 1.5, date(2026, 11, 23), datetime(2026, 11, 23, 10, 30), time(9, 5), True],
    )
    assert read(data, "a.xlsx")[1] == [["7700900123", "1.5", "23 November 2026", "23 November 2026 10:30", "09:05", "TRUE"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3"), (0.1, "0.1"), (1e20, "1e+20"), (False, "FALSE"), (timedelta(hours=27, minutes=5), "27:05"), (12, "12")],
)
def test_cell_as_text(value, text):
    assert cell_text(value) == text


@pytest.mark.parametrize(("cell", "tidy"), [(" a ", "a"), ("\u200ba\u00a0", "a"), ("", None), ("\u200b", None), (None, None)])
def test_tidies_cells(cell, tidy):
    assert tidy_cell(cell) == tidy


def test_formulas_are_read_as_their_text_or_result_never_run():
    assert read(b"a,b\n=cmd|' /C calc'!A0,=1+1")[1] == [["=cmd|' /C calc'!A0", "=1+1"]]


def test_of_a_workbook_the_first_visible_sheet_counts_without_what_is_hidden_in_it():
    def prepare(book):
        first = book.active
        second = book.create_sheet("shown")
        for row in (["name", "secret", "town"], ["Jo", "x", "Ely"], ["Al", "y", "Rye"], ["Bo", "z", "Wem"]):
            second.append(row)
        second.row_dimensions[3].hidden = True
        second.column_dimensions["B"].hidden = True
        first.sheet_state = "hidden"
        book.active = 1

    assert read(workbook(["not", "this"], prepare=prepare), "a.xlsx") == (["name", "town"], [["Jo", "Ely"], ["Bo", "Wem"]])


def test_merged_cells_have_their_value_once():
    data = workbook(["a", "b"], ["x", None], prepare=lambda book: book.active.merge_cells("A2:B2"))
    assert read(data, "a.xlsx")[1] == [["x", None]]


def test_blank_rows_count_only_between_rows():
    data = workbook([], ["a", "b"], ["1", "2"], [], ["3", "4"], [None, " "], [])
    assert read(data, "a.xlsx") == (["a", "b"], [["1", "2"], [], ["3", "4"]])


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"a,b\n1,2", "people.pdf", "wrong_type"),
        (b"a,b\n1,2", "people", "wrong_type"),
        (b"", "a.csv", "empty"),
        (b" \n ", "a.xlsx", "empty"),
        (b"x" * (MAX_FILE_BYTES + 1), "a.csv", "too_big"),
        (b"not a zip", "a.xlsx", "unreadable"),
        (b"PK\x03\x04 broken", "a.ods", "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xls", "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xlsx", "protected"),
        (b"a," * 1_000_000, "a.csv", "too_many_columns"),
        (b"a,b\n" + b"1," * 1_000_000, "a.csv", "too_many_columns"),
        (b'a,b\n"' + b"x" * 200_000, "a.csv", "huge_cell"),
        (b"\xff\xfea", "a.csv", "unreadable"),
        (workbook([]), "a.xlsx", "empty"),
    ],
)
def test_refuses_with_a_sentence(data, name, code):
    assert refusal(data, name) == code


def test_refuses_a_zip_bomb():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as entry:
            for _ in range(400):
                entry.write(b" " * (1 << 20))
    assert refusal(written.getvalue(), "a.xlsx") == "too_many_cells"


def with_sheet(xml):
    """A workbook whose sheet has this XML."""
    source = zipfile.ZipFile(io.BytesIO(workbook(["a"])))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return written.getvalue()


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
CELL = '<row r="{row}"><c r="{ref}" t="inlineStr"><is><t>x</t></is></c></row>'


@pytest.mark.parametrize(
    ("ref", "row", "code"), [("XFD1048576", 1048576, "too_many_columns"), ("ALL200000", 200000, "too_many_cells")]
)
def test_refuses_two_cells_at_opposite_corners_before_loading_them(ref, row, code):
    xml = SHEET.format(CELL.format(row=1, ref="A1") + CELL.format(row=row, ref=ref))
    assert refusal(with_sheet(xml), "a.xlsx") == code


def ods(rows):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="Sheet1">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return written.getvalue()


REPEATED = ' table:number-columns-repeated="1000000"'


def ods_cell(text, repeat=""):
    return f'<table:table-cell office:value-type="string"{repeat}><text:p>{text}</text:p></table:table-cell>'


def test_reads_ods_and_does_not_count_the_empty_rest_of_its_sheet():
    rows = (
        f"<table:table-row>{ods_cell('name')}{ods_cell('phone')}"
        '<table:table-cell table:number-columns-repeated="16382"/></table:table-row>'
        f"<table:table-row>{ods_cell('Jo')}{ods_cell('07700900123')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert read(ods(rows), "a.ods") == (["name", "phone"], [["Jo", "07700900123"]])


@pytest.mark.parametrize(
    "rows",
    [
        f"<table:table-row>{ods_cell('x', REPEATED)}</table:table-row>",
        f'<table:table-row table:number-rows-repeated="100000000">{ods_cell("x")}</table:table-row>',
    ],
)
def test_refuses_an_ods_that_repeats_itself_out_of_memory(rows):
    assert refusal(ods(rows), "a.ods") in ("too_many_columns", "too_many_cells")


def test_text_that_is_no_known_encoding_is_still_read():
    assert decode(b"caf\xe9 \x81") == "café \ufffd"
