"""How large a workbook's sheet really is, and what is hidden in it, read from its XML before anything loads it.

A sheet of two cells, one of them in the last column of the last row, costs its reader gigabytes; a file says so only
here. The XML is streamed and looked at with regular expressions, never built into a tree.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_CHUNK: Final = 1 << 20
_MAX_INDEX_BYTES: Final = 5 * 1024 * 1024
#: A tag longer than this does not occur; the tail of a chunk is kept so that no tag is cut in two.
_LONGEST_TAG: Final = 4096
#: More hidden rows than this and hiding is ignored: it would only be memory.
_MOST_HIDDEN: Final = 200_000

_TAG: Final = re.compile(rb"<(?:\w+:)?(c|row|col)\b([^>]*)>")
_REFERENCE: Final = re.compile(rb'\br="([A-Z]{1,4})?(\d{1,8})"')
_HIDDEN: Final = re.compile(rb'\bhidden="(?:1|true)"')
_NUMBERS: Final = re.compile(rb'\b(min|max)="(\d{1,8})"')

_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE: Final = re.compile(rb'([\w:]+)="([^"]*)"')

_ODS_TAG: Final = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>")
_ODS_REPEAT: Final = re.compile(rb'number-(?:columns|rows)-repeated="(\d{1,12})"')


@dataclass(slots=True)
class SheetShape:
    """Extent of the used part of a sheet, and the zero-based rows and columns that are hidden."""

    rows: int = 0
    columns: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def xlsx_shape(archive: zipfile.ZipFile) -> SheetShape:
    """Shape of the first visible sheet of an xlsx; an empty shape where the file does not say which that is."""
    path = _first_visible_sheet(archive)
    shape = SheetShape()
    if path is None:
        return shape
    rows_seen = 0
    cells_in_row = 0
    for tag, attributes in _tags(archive, path):
        if tag == b"c":
            cells_in_row += 1
            found = _REFERENCE.search(attributes)
            column = _column_number(found.group(1)) if found and found.group(1) else cells_in_row
            shape.columns = max(shape.columns, column)
        elif tag == b"row":
            cells_in_row = 0
            found = _REFERENCE.search(attributes)
            rows_seen = int(found.group(2)) if found else rows_seen + 1
            shape.rows = max(shape.rows, rows_seen)
            if b"hidden" in attributes and _HIDDEN.search(attributes) and len(shape.hidden_rows) < _MOST_HIDDEN:
                shape.hidden_rows.add(rows_seen - 1)
        elif b"hidden" in attributes and _HIDDEN.search(attributes):
            limits = {name: int(number) for name, number in _NUMBERS.findall(attributes)}
            last = min(limits.get(b"max", 0), 20_000)
            shape.hidden_columns.update(range(limits.get(b"min", 1) - 1, last))
    return shape


def _tags(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[bytes, bytes]]:
    with archive.open(path) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            end = 0
            for found in _TAG.finditer(text):
                yield found.group(1), found.group(2)
                end = found.end()
            start = max(end, text.rfind(b"<"), len(text) - _LONGEST_TAG)
            rest = text[start:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _attributes(text: bytes) -> dict[str, str]:
    return {name.decode(): value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(text)}


def _read(archive: zipfile.ZipFile, path: str) -> bytes:
    with archive.open(path) as stream:
        return stream.read(_MAX_INDEX_BYTES)


def _first_visible_sheet(archive: zipfile.ZipFile) -> str | None:
    """Where in the archive the first sheet stands that is not hidden."""
    names = set(archive.namelist())
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for found in _RELATION.findall(_read(archive, "xl/_rels/workbook.xml.rels"))
        for relation in (_attributes(found),)
    }
    for found in _SHEET.findall(_read(archive, "xl/workbook.xml")):
        sheet = _attributes(found)
        if sheet.get("state", "visible") != "visible":
            continue
        relation_id = next((value for name, value in sheet.items() if name.endswith(":id")), None)
        target = targets.get(relation_id, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in names and "worksheets" in path:
            return path
    return None


def ods_shape(archive: zipfile.ZipFile) -> SheetShape:
    """Upper bounds for the largest sheet of an ods. Repeated empty cells and rows at an end do not count."""
    shape = SheetShape()
    row = column = width = 0
    row_repeat = 1
    for closing, tag, attributes in _ods_tags(archive):
        if tag == b"table":
            row = 0
        elif tag == b"table-row":
            if closing:
                if width:
                    shape.columns = max(shape.columns, width)
                    shape.rows = max(shape.rows, row + row_repeat)
                row += row_repeat
            else:
                row_repeat = _repeats(attributes)
                column = width = 0
                if attributes.endswith(b"/"):
                    row += row_repeat
        elif not closing:
            column += _repeats(attributes)
            if b"value" in attributes or not attributes.endswith(b"/"):
                width = column
    return shape


def _repeats(attributes: bytes) -> int:
    found = _ODS_REPEAT.search(attributes)
    return int(found.group(1)) if found else 1


def _ods_tags(archive: zipfile.ZipFile) -> Iterator[tuple[bytes, bytes, bytes]]:
    with archive.open("content.xml") as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            end = 0
            for found in _ODS_TAG.finditer(text):
                yield found.group(1), found.group(2), found.group(3)
                end = found.end()
            rest = text[max(end, text.rfind(b"<"), len(text) - _LONGEST_TAG) :]
