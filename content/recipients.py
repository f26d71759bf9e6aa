"""Checking a spreadsheet of recipients, row by row, without ever holding more than a few rows.

``RecipientSheet`` reads the headings at once, and each row as it is iterated over. What the check page needs (counts,
the first bad rows, the one problem to show) adds up in ``summary`` on the way.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from content import language
from content.email_addresses import INVALID_EMAIL, is_email_address
from content.errors import InvalidRecipient
from content.language import normalise_key
from content.letters import long_qr
from content.message import MessageContent, is_body_empty, placeholders
from content.names import comparable_recipient
from content.phones import PhoneNumber, normalise_uk_mobile, parse_phone
from content.postal import PostalAddress
from content.sms import SMS_CHARACTER_LIMIT, clean, render_sms
from content.spreadsheets import Spreadsheet, tidy_cell

MAX_RECIPIENTS: Final = 100_000
MISSING: Final = "Missing"
#: How many rows with something wrong are kept to show.
MAX_BAD_ROWS: Final = 50

ADDRESS_COLUMNS: Final = tuple(f"address line {number}" for number in range(1, 8))
RECIPIENT_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "email": ("email address",),
    "sms": ("phone number",),
    "letter": (*ADDRESS_COLUMNS[:6], "postcode", ADDRESS_COLUMNS[6]),
}
_ADDRESS_KEYS: Final = tuple(normalise_key(name) for name in ADDRESS_COLUMNS)
_WITH_POSTCODE: Final = frozenset((*_ADDRESS_KEYS[:6], "postcode"))
_LINES_ONLY: Final = frozenset(_ADDRESS_KEYS)
_NO_ERRORS: Final[Mapping[str, str]] = MappingProxyType({})


class RecipientRow:
    """One row below the headings.

    ``number`` is the spreadsheet's row number (the first row below the headings is 2). ``values`` has every column
    under its normalised heading, a list where a column that is no recipient column stands there twice. ``errors`` has
    what is wrong with a cell under the normalised heading; ``problems`` is what is wrong with the message or the postal
    address as a whole.
    """

    __slots__ = (
        "address",
        "errors",
        "is_allowed",
        "is_bad_recipient",
        "number",
        "phone",
        "problems",
        "recipient",
        "values",
    )

    def __init__(self, number: int, recipient: str | None, values: dict[str, Any]) -> None:
        self.number = number
        self.recipient = recipient
        self.values = values
        self.errors: Mapping[str, str] = _NO_ERRORS
        self.problems: tuple[str, ...] = ()
        self.address: PostalAddress | None = None
        self.phone: PhoneNumber | None = None
        self.is_bad_recipient = False
        self.is_allowed = True

    @property
    def has_error(self) -> bool:
        return bool(self.errors or self.problems)

    @property
    def has_missing(self) -> bool:
        return MISSING in self.errors.values()

    @property
    def is_too_long(self) -> bool:
        return TOO_LONG in self.problems

    @property
    def is_empty(self) -> bool:
        return EMPTY in self.problems

    @property
    def is_qr_too_long(self) -> bool:
        return QR_TOO_LONG in self.problems


TOO_LONG: Final = "Message is too long"
EMPTY: Final = "Message is empty"
QR_TOO_LONG: Final = "QR code holds too much"


@dataclass(slots=True)
class Summary:
    """What was found so far. ``row_count`` goes on past the limit, so that the page can say how far over it is."""

    row_count: int = 0
    bad_row_count: int = 0
    bad_recipients: int = 0
    missing_data: int = 0
    too_long: int = 0
    empty: int = 0
    qr_too_long: int = 0
    not_allowed: int = 0
    international_count: int = 0
    bad_rows: list[RecipientRow] = field(default_factory=list)

    def add(self, row: RecipientRow) -> None:
        """Count a row that has something wrong."""
        self.bad_row_count += 1
        self.bad_recipients += row.is_bad_recipient
        self.missing_data += row.has_missing
        self.too_long += row.is_too_long
        self.empty += row.is_empty
        self.qr_too_long += row.is_qr_too_long
        if len(self.bad_rows) < MAX_BAD_ROWS:
            self.bad_rows.append(row)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the service may do: see ``read_recipients`` for the meaning."""

    international_allowed: bool = False
    landlines_allowed: bool = False
    international_letters: bool = False
    allow_list: frozenset[str] | None = None
    remaining: int | None = None
    remaining_international: int | None = None
    max_rows: int = MAX_RECIPIENTS
    formatted: Collection[str] | str = ()


class RecipientSheet:
    """A spreadsheet of recipients for one template. Iterate once for the rows; then ``summary`` and ``problem`` are
    whole."""

    def __init__(self, sheet: Spreadsheet, content: MessageContent, rules: Rules) -> None:
        self.content = content
        self.rules = rules
        self.summary = Summary()
        self._sheet = sheet
        self._plan_columns(sheet.headers)
        self._plan_checks()

    def _plan_columns(self, headers: list[str]) -> None:
        spelling: dict[str, str] = {}
        columns: list[str] = []
        for header in headers:
            key = normalise_key(header)
            spelling.setdefault(key, header)
            columns.append(key)
        recipient_keys = {normalise_key(name): name for name in RECIPIENT_COLUMNS[self.content.channel]}
        repeated = [key for key in spelling if columns.count(key) > 1] if len(spelling) < len(columns) else []
        #: Headings as first spelled, once each.
        self.headers = list(spelling.values())
        self.keys = list(spelling)
        self.duplicate_recipient_columns = [spelling[key] for key in repeated if key in recipient_keys]
        self._columns = columns
        self._lists = {
            key: [index for index, column in enumerate(columns) if column == key]
            for key in repeated
            if key not in recipient_keys
        }
        wanted = [*placeholders(self.content)]
        if self.content.channel == "letter":
            present = set(spelling)
            self.has_recipient_columns = len(present & _WITH_POSTCODE) >= 3 or len(present & _LINES_ONLY) >= 3
            wanted = [name for name in wanted if normalise_key(name) not in recipient_keys]
            required = []
        else:
            required = list(recipient_keys.values())
            self.has_recipient_columns = all(key in spelling for key in recipient_keys)
        #: Placeholders (and the recipient's column) without a column, as the template spells them.
        self.missing_columns = language.names(*(f"(({name}))" for name in (*wanted, *required)))
        self.missing_columns = [name for name in self.missing_columns if normalise_key(name) not in spelling]
        needed = {normalise_key(name) for name in (*wanted, *required)}
        self._needed = [key for key in spelling if key in needed]

    def _plan_checks(self) -> None:
        channel = self.content.channel
        self._recipient_key = "emailaddress" if channel == "email" else "phonenumber" if channel == "sms" else None
        self._check_recipient = {"email": self._email, "sms": self._phone, "letter": self._letter}[channel]
        self._allowed = None
        if self.rules.allow_list is not None and channel != "letter":
            self._allowed = frozenset(comparable_recipient(each) for each in self.rules.allow_list)
        self._may_be_too_long = _LengthCheck(self.content) if channel == "sms" else None
        body = self.content.body
        self._may_be_empty = channel != "sms" and (not body or (body.startswith("((") and body.endswith("))")))
        self._may_have_qr = channel == "letter" and (
            bool(self.rules.formatted) or any("qr" in text.lower() for text in (body, self.content.welsh_body))
        )
        self._check_message = self._may_be_too_long is not None or self._may_be_empty or self._may_have_qr

    def __iter__(self) -> Iterator[RecipientRow]:
        summary, limit = self.summary, self.rules.max_rows
        for cells in self._sheet.rows:
            summary.row_count += 1
            if summary.row_count > limit:
                summary.row_count += sum(1 for _ in self._sheet.rows)
                return
            yield self._row(summary.row_count + 1, cells)

    def check(self) -> Summary:
        """Read everything, keeping only what the summary keeps."""
        for _ in self:
            pass
        return self.summary

    def _row(self, number: int, cells: list[Any]) -> RecipientRow:
        columns = self._columns
        values: dict[str, Any] = dict.fromkeys(self.keys)
        for key, cell in zip(columns, cells, strict=False):
            if cell:
                text = cell.strip() if type(cell) is str and cell.isascii() else tidy_cell(cell)
                values[key] = text or None
            elif key in values:
                values[key] = None
        if self._lists:
            for key, indexes in self._lists.items():
                listed = [tidy_cell(cells[index]) if index < len(cells) else None for index in indexes]
                values[key] = listed if any(listed) else None
        recipient = values.get(self._recipient_key) if self._recipient_key else None
        row = RecipientRow(number, recipient, values)
        errors: dict[str, str] | None = None
        for key in self._needed:
            if values[key] is None:
                errors = errors or {}
                errors[key] = MISSING
        error = self._check_recipient(row)
        if error is not None:
            row.is_bad_recipient = True
            if self._recipient_key:
                errors = errors or {}
                errors[self._recipient_key] = error
            else:
                row.problems = (error,)
        if errors:
            row.errors = errors
        if self._check_message:
            row.problems += self._message_problems(row)
        if self._allowed is not None and recipient and comparable_recipient(recipient) not in self._allowed:
            row.is_allowed = False
            self.summary.not_allowed += 1
        if errors or row.problems:
            self.summary.add(row)
        return row

    def _email(self, row: RecipientRow) -> str | None:
        recipient = row.recipient
        return None if recipient is None or is_email_address(recipient) else INVALID_EMAIL

    def _phone(self, row: RecipientRow) -> str | None:
        recipient = row.recipient
        if recipient is None or normalise_uk_mobile(recipient):
            return None
        try:
            row.phone = parse_phone(recipient, international_allowed=True, landlines_allowed=True)
        except InvalidRecipient as error:
            return error.message
        self.summary.international_count += row.phone.is_international
        try:
            parse_phone(
                recipient,
                international_allowed=self.rules.international_allowed,
                landlines_allowed=self.rules.landlines_allowed,
            )
        except InvalidRecipient as error:
            return error.message
        return None

    def _letter(self, row: RecipientRow) -> str | None:
        lines = [row.values.get(key) for key in _ADDRESS_KEYS[:6]]
        has_line_7 = "addressline7" in row.values
        lines.append(row.values.get("addressline7" if has_line_7 else "postcode"))
        row.address = PostalAddress.parse(lines, international_allowed=self.rules.international_letters)
        row.recipient = ", ".join(row.address.lines) or None
        return row.address.error.message if row.address.error else None

    def _message_problems(self, row: RecipientRow) -> tuple[str, ...]:
        problems = []
        if self._may_be_too_long is not None and self._may_be_too_long.applies(row.values):
            sms = render_sms(self.content, row.values)
            if sms.too_long:
                problems.append(TOO_LONG)
            if sms.empty:
                problems.append(EMPTY)
        if self._may_be_empty and is_body_empty(self.content, row.values):
            problems.append(EMPTY)
        if self._may_have_qr and long_qr(self.content, row.values, formatted=self.rules.formatted):
            problems.append(QR_TOO_LONG)
        return tuple(problems)

    @property
    def too_many_rows(self) -> bool:
        return self.summary.row_count > self.rules.max_rows

    @property
    def more_rows_than_remaining(self) -> bool:
        return self.rules.remaining is not None and self.summary.row_count > self.rules.remaining

    @property
    def more_international_than_remaining(self) -> bool:
        limit = self.rules.remaining_international
        return limit is not None and self.summary.international_count > limit

    @property
    def problem(self) -> str | None:
        """The first thing that stops this file, as a code; None if it can be sent. Only whole after iterating."""
        return next((code for code, applies in self._problems() if applies), None)

    def _problems(self) -> Iterator[tuple[str, bool]]:
        summary = self.summary
        yield "too_many_rows", self.too_many_rows
        yield "no_rows", not summary.row_count
        yield "no_recipient_column", not self.has_recipient_columns
        yield "recipient_column_repeated", bool(self.duplicate_recipient_columns)
        yield "missing_columns", bool(self.missing_columns)
        yield "bad_rows", bool(summary.bad_row_count)
        yield "not_allowed", bool(summary.not_allowed)
        yield "more_rows_than_remaining", self.more_rows_than_remaining
        yield "more_international_than_remaining", self.more_international_than_remaining


class _LengthCheck:
    """Whether a text may be empty or over the limit at all. Most are neither, and need not be rendered to know it."""

    def __init__(self, content: MessageContent) -> None:
        self._longest = 0
        self._keys: list[str] = []
        certain = ""
        for part in language.parse(content.body):
            if isinstance(part, str):
                certain += part
                self._longest += len(part) + 2 * part.count("…")
            elif part.conditional_text is not None:
                self._longest += 3 * len(part.conditional_text)
            else:
                self._keys.append(part.key)
        self._never_empty = bool(clean(certain))

    def applies(self, values: Mapping[str, Any]) -> bool:
        if not self._never_empty:
            return True
        longest = self._longest
        for key in self._keys:
            value = values.get(key)
            if value is not None:
                # An ellipsis becomes three characters, and " and " stands between the last two of a list.
                longest += 3 * len(value) if type(value) is str else 3 * sum(len(item or "") + 5 for item in value)
            else:
                longest += len(key) + 200
        return longest > SMS_CHARACTER_LIMIT


def read_recipients(
    sheet: Spreadsheet | Iterable[list[Any]],
    content: MessageContent,
    *,
    international_allowed: bool = False,
    landlines_allowed: bool = False,
    international_letters: bool = False,
    allow_list: Collection[str] | None = None,
    remaining: int | None = None,
    remaining_international: int | None = None,
    max_rows: int = MAX_RECIPIENTS,
    formatted: Collection[str] | str = (),
) -> RecipientSheet:
    """Read a spreadsheet (or rows, the first of them the headings) as recipients of a template.

    ``allow_list`` limits who may be sent to (trial mode); ``remaining`` and ``remaining_international`` are what the
    day still allows; None means no limit. Rows beyond ``max_rows`` are counted and not read.
    """
    if not isinstance(sheet, Spreadsheet):
        rows = iter(sheet)
        headers = [tidy_cell(cell) or "" for cell in next(rows, [])]
        sheet = Spreadsheet(headers, rows)
    rules = Rules(
        international_allowed=international_allowed,
        landlines_allowed=landlines_allowed,
        international_letters=international_letters,
        allow_list=None if allow_list is None else frozenset(allow_list),
        remaining=remaining,
        remaining_international=remaining_international,
        max_rows=max_rows,
        formatted=formatted,
    )
    return RecipientSheet(sheet, content, rules)


_EXAMPLES: Final = {
    "emailaddress": "test@example.com",
    "phonenumber": "07700 900321",
    "addressline1": "A. Name",
    "addressline2": "123 Example Street",
    "addressline3": "Town",
    "postcode": "SW1A 1AA",
}


def example_spreadsheet(content: MessageContent) -> str:
    """A CSV file with the headings a template needs and one row to show what goes where."""
    columns = {
        "email": ["email address"],
        "sms": ["phone number"],
        "letter": [*ADDRESS_COLUMNS[:6], "postcode"],
    }[content.channel]
    keys = {normalise_key(name) for name in columns}
    columns += [name for name in placeholders(content) if normalise_key(name) not in keys]
    row = [_EXAMPLES.get(normalise_key(name), "" if normalise_key(name) in keys else f"{name} 1") for name in columns]
    return to_csv([columns, row])


def to_csv(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as CSV. A cell that a spreadsheet program would run as a formula gets an apostrophe in front."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in rows:
        writer.writerow([defuse_formula("" if cell is None else str(cell)) for cell in row])
    return written.getvalue()


def defuse_formula(text: str) -> str:
    """The cell, with an apostrophe in front if it would begin a formula. Phone numbers with a plus stay as they are."""
    if text[:1] in ("=", "-", "@", "\t", "\r") and text[:1]:
        return f"'{text}"
    if text[:1] == "+" and not text[1:].replace(" ", "").isdigit():
        return f"'{text}"
    return text
