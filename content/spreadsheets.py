"""Reading the spreadsheets people upload: csv, tsv, xlsx, xlsm, xls, ods. Nothing here knows about recipients.

Limits protect memory: 10 MB of file, 1,000 columns, 200,000 rows, four million cells, 300 MB once unzipped. A file
over a limit, broken, protected or of another kind is refused with ``UnreadableFile`` and a sentence that says what to
do.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, Final

from content.errors import UnreadableFile
from content.sheet_xml import SheetShape, ods_shape, xlsx_shape
from content.whitespace import ALL_WHITESPACE, drop_zero_width

MAX_FILE_BYTES: Final = 10 * 1024 * 1024
MAX_COLUMNS: Final = 1_000
MAX_ROWS: Final = 200_000
MAX_CELLS: Final = 4_000_000
MAX_UNZIPPED_BYTES: Final = 300 * 1024 * 1024
MAX_ZIP_ENTRIES: Final = 10_000

TEXT_TYPES: Final = {".csv": ",", ".tsv": "\t", ".txt": ","}
ZIP_TYPES: Final = frozenset((".xlsx", ".xlsm", ".ods"))
SPREADSHEET_TYPES: Final = (*TEXT_TYPES, *sorted(ZIP_TYPES), ".xls")

_MESSAGES: Final = {
    "wrong_type": "Upload a spreadsheet as .csv, .tsv, .xlsx, .xlsm, .xls or .ods",
    "empty": "The file is empty",
    "too_big": "The file must be smaller than 10 MB",
    "too_many_columns": "The file has more than 1,000 columns. Delete the columns you do not need",
    "too_many_cells": "The file is too large to read. Delete empty rows and columns, or save it as a CSV file",
    "unreadable": "The file could not be read. Save it as a CSV file and upload that",
    "protected": "The file is protected with a password. Remove the password and upload it again",
    "huge_cell": "The file has a cell with too much in it, or a quotation mark that is not closed",
    "no_sheet": "The file has no sheet that can be read",
}


def refused(code: str) -> UnreadableFile:
    """The refusal for a code of this module."""
    return UnreadableFile(code, _MESSAGES[code])


Cells = list[Any]


@dataclass(slots=True)
class Spreadsheet:
    """An open file: its heading row, and an iterator over the rows below. Iterate once; close when done."""

    headers: list[str]
    rows: Iterator[Cells]
    filename: str = ""
    _resources: list[Any] = field(default_factory=list)

    def close(self) -> None:
        for resource in self._resources:
            resource.close()

    def __enter__(self) -> Spreadsheet:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_spreadsheet(file: BinaryIO | bytes, filename: str) -> Spreadsheet:
    """Open an uploaded file by the ending of its name.

    Cells come as texts (or None): whole numbers without ``.0``, dates as ``23 November 2026``, leading zeros only if
    the file has them. Of a workbook the first visible sheet is read, without its hidden rows and columns. Refuses with
    ``UnreadableFile``; a CSV may still refuse while its rows are read.
    """
    ending = os.path.splitext(filename.lower())[1]
    if ending not in SPREADSHEET_TYPES:
        raise refused("wrong_type")
    data = file if isinstance(file, bytes) else file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise refused("too_big")
    if not data.strip():
        raise refused("empty")
    if ending in TEXT_TYPES:
        text = decode(data)
        return open_csv(text, _delimiter(text, TEXT_TYPES[ending]), filename)
    return _open_workbook(data, ending, filename)


def open_csv(text: str, delimiter: str = ",", filename: str = "") -> Spreadsheet:
    """Read CSV text. White space and stray delimiters around the whole text do not count."""
    text = text.strip(ALL_WHITESPACE + ",")
    rows = _csv_rows(text, delimiter)
    headers = next(rows, [])
    return Spreadsheet([tidy_cell(cell) or "" for cell in headers], rows, filename)


def _csv_rows(text: str, delimiter: str) -> Iterator[Cells]:
    # The text is split lazily: a list of all lines would hold every row at once.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        for number, row in enumerate(reader):
            if len(row) > MAX_COLUMNS:
                raise refused("too_many_columns")
            if number > MAX_ROWS:
                return
            yield row
    except csv.Error as error:
        raise refused("huge_cell") from error


def decode(data: bytes) -> str:
    """Text of a file in whatever encoding spreadsheet programs save: UTF-8, UTF-16, or else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in data[:1000]:
        encoding = "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"
    else:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("cp1252", errors="replace")
    try:
        return data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise refused("unreadable") from error


def _delimiter(text: str, usual: str) -> str:
    """What separates the cells: some programs save "CSV" with semicolons or tabs."""
    heading = text.lstrip(ALL_WHITESPACE).split("\n", 1)[0]
    if usual in heading:
        return usual
    return next((other for other in (",", ";", "\t") if other in heading), usual)


def tidy_cell(value: object) -> str | None:
    """A cell as text: trimmed, without characters that take no room; None if nothing is left."""
    if value is None:
        return None
    text = value if isinstance(value, str) else cell_text(value)
    text = text.strip()
    if not text.isascii():
        text = drop_zero_width(text).strip(ALL_WHITESPACE)
    return text or None


def cell_text(value: object) -> str:
    """A cell that is a number, a date or the like, as people read it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        if value.time() == time():
            return cell_text(value.date())
        return f"{cell_text(value.date())} {value:%H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%B} {value.year}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return str(value)


def _open_workbook(data: bytes, ending: str, filename: str) -> Spreadsheet:
    import python_calamine  # noqa: PLC0415 - only uploads of workbooks need the (compiled) reader

    if ending in ZIP_TYPES and data.startswith(b"\xd0\xcf\x11\xe0"):
        # A protected xlsx is an OLE container, not a zip.
        raise refused("protected")
    shape = _checked_shape(data, ending) if ending in ZIP_TYPES else SheetShape()
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(_first_visible(book))
    except python_calamine.PasswordError as error:
        raise refused("protected") from error
    except UnreadableFile:
        raise
    except BaseException as error:  # the reader panics (a BaseException) on some broken files
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise refused("unreadable") from error
    if sheet.total_width > MAX_COLUMNS:
        raise refused("too_many_columns")
    rows = _sheet_rows(sheet, shape)
    headers = [tidy_cell(cell) or "" for cell in next(rows, [])]
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise refused("empty")
    return Spreadsheet(headers, rows, filename, [book])


def _first_visible(book: Any) -> int:
    for index, sheet in enumerate(book.sheets_metadata):
        if str(sheet.visible).endswith(".Visible") and str(sheet.typ).endswith(".WorkSheet"):
            return index
    raise refused("no_sheet")


def _sheet_rows(sheet: Any, shape: SheetShape) -> Iterator[Cells]:
    """Rows from the first that is not blank; blank rows only where another row follows."""
    hidden_rows, hidden_columns = shape.hidden_rows, shape.hidden_columns
    blank: list[Cells] = []
    started = False
    for number, row in enumerate(sheet.iter_rows()):
        if number > MAX_ROWS:
            return
        if number in hidden_rows:
            continue
        cells = [tidy_cell(cell) for column, cell in enumerate(row) if column not in hidden_columns]
        if not any(cells):
            if started:
                blank.append([])
            continue
        started = True
        if blank:
            yield from blank
            blank = []
        yield cells


def _checked_shape(data: bytes, ending: str) -> SheetShape:
    """Shape of the sheet that will be read, after refusing what would not fit into memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNZIPPED_BYTES:
                raise refused("too_many_cells")
            if any(entry.flag_bits & 1 for entry in entries):
                raise refused("protected")
            # An entry may lie about its size; reading it through finds that out, at the size it claims.
            if archive.testzip() is not None:
                raise refused("unreadable")
            shape = ods_shape(archive) if ending == ".ods" else xlsx_shape(archive)
    except UnreadableFile:
        raise
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, NotImplementedError, zlib.error) as error:
        raise refused("unreadable") from error
    if shape.columns > MAX_COLUMNS:
        raise refused("too_many_columns")
    if shape.rows * max(shape.columns, 1) > MAX_CELLS:
        raise refused("too_many_cells")
    return shape
