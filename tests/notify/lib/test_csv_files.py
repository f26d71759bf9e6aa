import csv
import io

import pytest

from notify.lib.csv_files import csv_lines, csv_response, safe_cell


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-x", "'-x"),
        ("@a", "'@a"),
        ("\tx", "'\tx"),
        ("plain", "plain"),
        (None, ""),
        (-5, -5),
    ],
)
def test_no_cell_is_taken_for_a_formula(value, expected):
    assert safe_cell(value) == expected


def test_rows_are_quoted_and_excel_reads_the_letters():
    text = "".join(csv_lines([("Name", "Note"), ("Zoë, A", 'say "hi"\nthere')]))
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:], newline=""))) == [["Name", "Note"], ["Zoë, A", 'say "hi"\nthere']]


def test_a_download_has_a_name_and_is_not_sniffed():
    response = csv_response("report.csv", [("a",)])
    assert response["Content-Disposition"] == 'attachment; filename="report.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
