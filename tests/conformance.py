"""Replay a file of conformance cases: ``python -m tests.conformance FILE [--area AREA] [--quiet]``.

Each line is ``{"area", "input", "expected"}``. Prints every failure and a table of passes and failures by area; exits
with 1 if there are failures. A difference we have chosen (``docs/decisions/0010-conformance-differences.md``) is
counted on its own, and only where the rule of the decision applies to the case's input.

How an area is replayed stands in ``AREAS``: a function from the case's input to what we answer.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from content import (
    FORMATTED_ALL,
    InvalidRecipient,
    MessageContent,
    PostalAddress,
    api_key_name_prefix,
    comparable_recipient,
    email_sender_local_part,
    is_body_empty,
    letter_timings,
    missing_values,
    open_csv,
    parse_email_address,
    parse_phone,
    placeholders,
    read_recipients,
    render_body_source,
    render_email,
    render_letter,
    render_sms,
    render_subject,
    render_subject_preview,
    sanitise,
)
from content.sms import FORCES_UCS2, GSM_EXTENSION, encode_character
from tests.request_shapes import validate


@dataclass(frozen=True)
class Result:
    """How one case went: ``pass``, ``fail``, ``decided`` (a chosen difference) or ``skip`` (an area nobody replays)."""

    area: str
    outcome: str
    detail: str = ""


# --- areas ---------------------------------------------------------------------------------------------------------


def _extract(given: dict[str, Any]) -> Any:
    return placeholders(MessageContent("sms", given["content"]))


def _body(given: dict[str, Any]) -> Any:
    content = MessageContent(given["template_type"], given["content"])
    values = given["values"]
    missing = missing_values(content, values)
    if content.channel == "sms":
        sms = render_sms(content, values)
        return {"body": sms.body, "missing": missing, "empty": sms.empty}
    body = render_body_source(content, values)
    return {"body": body, "missing": missing, "empty": is_body_empty(content, values)}


def _subject(given: dict[str, Any]) -> Any:
    content = MessageContent(given.get("template_type", "email"), "", given["subject"])
    return {
        "plain": render_subject(content, given["values"]),
        "html_escaped": render_subject_preview(content, given["values"]),
    }


def _sms(given: dict[str, Any]) -> Any:
    content = MessageContent("sms", given["content"])
    sms = render_sms(content, given["values"], prefix=given["prefix"] if given["show_prefix"] else None)
    return {
        "text": sms.text,
        "characters": sms.characters,
        "characters_without_prefix": sms.characters_without_prefix,
        "fragments": sms.fragments,
        "too_long": sms.too_long,
        "empty": sms.empty,
        "missing": missing_values(content, given["values"]),
    }


def _character(given: dict[str, Any]) -> Any:
    character = given["char"]
    return {
        "encoded": encode_character(character),
        "forces_ucs2": character in FORCES_UCS2,
        "counts_double": character in GSM_EXTENSION,
    }


def _email(given: dict[str, Any]) -> Any:
    content = MessageContent("email", given["content"])
    email = render_email(content, given["values"], formatted=FORMATTED_ALL, unsubscribe_url=given.get("unsubscribe_link"))
    return {"html": email.body_html, "plain": email.text, "preheader": email.preheader}


def _letter(given: dict[str, Any]) -> Any:
    content = MessageContent("letter", given["content"], given.get("subject") or "")
    letter = render_letter(content, given["values"], formatted=FORMATTED_ALL)
    too_long = letter.qr_too_long
    return {
        "html": letter.html,
        "subject": render_subject_preview(content, given["values"]),
        "body": render_body_source(content, given["values"]),
        "qr_too_long": too_long and {"data": too_long.data, "num_bytes": too_long.num_bytes, "max_bytes": too_long.max_bytes},
    }


def _phone(given: dict[str, Any]) -> Any:
    try:
        number = parse_phone(
            given["number"],
            international_allowed=given["allow_international"],
            landlines_allowed=given["allow_uk_landline"],
        )
    except InvalidRecipient as error:
        return {"ok": False, "code": error.code, "message": error.message, "api_message": error.api_message}
    return {
        "ok": True,
        "normalised": number.normalised,
        "readable": number.readable,
        "international": number.is_international,
        "crown_dependency": number.is_crown_dependency,
        "prefix": number.prefix,
        "rate_multiplier": number.rate_multiplier,
    }


def _email_address(given: dict[str, Any]) -> Any:
    try:
        address = parse_email_address(given["address"])
    except InvalidRecipient as error:
        return {"ok": False, "message": error.message}
    return {"ok": True, "stored": address, "normalised": address.lower()}


def _address(given: dict[str, Any]) -> Any:
    address = PostalAddress.parse(given["lines"], international_allowed=given["allow_international"])
    return {
        "valid": address.is_valid,
        "first_error": address.error and address.error.code,
        "normalised": list(address.lines),
        "postcode": address.postcode,
        "country": address.country,
        "zone": address.zone,
        "bfpo": address.bfpo,
    }


def _address_values(given: dict[str, Any]) -> Any:
    address = PostalAddress.from_personalisation(given["personalisation"])
    return {"normalised": list(address.lines), "first_error": address.error and address.error.code}


def _csv(given: dict[str, Any]) -> Any:
    options = given["options"]
    text = given["csv"] if given["csv"] is not None else _generated_csv(given["csv_generator"])
    content = MessageContent(given["template_type"], given["content"])
    sheet = read_recipients(
        open_csv(text),
        content,
        international_allowed=options.get("allow_international_sms", False),
        landlines_allowed=options.get("allow_sms_to_uk_landline", False),
        international_letters=options.get("allow_international_letters", False),
        allow_list=options.get("guestlist") or options.get("allow_list"),
        remaining=options.get("remaining_messages"),
        remaining_international=options.get("remaining_international_sms_messages"),
        formatted=FORMATTED_ALL,
    )
    first, with_errors, bad, missing = [], [], [], []
    for row in sheet:
        index = row.number - 2
        if len(first) < 20:
            first.append(_csv_row(row, content.channel))
        with_errors += [index] if row.has_error else []
        bad += [index] if row.is_bad_recipient else []
        missing += [index] if row.has_missing else []
    stops = [code for code, applies in sheet._problems() if applies and code != "no_rows"]
    if content.channel == "letter":
        stops = [code for code in stops if code != "no_recipient_column"]
    return {
        "row_count": sheet.summary.row_count,
        "column_headers": sheet.headers,
        "missing_column_headers": sorted(sheet.missing_columns),
        "duplicate_recipient_column_headers": sheet.duplicate_recipient_columns,
        "has_recipient_columns": sheet.has_recipient_columns,
        "has_errors": bool(stops),
        "too_many_rows": sheet.too_many_rows,
        "more_rows_than_can_send": sheet.more_rows_than_remaining,
        "international_sms_count": sheet.summary.international_count,
        "more_international_sms_than_can_send": sheet.more_international_than_remaining,
        "allowed_to_send_to": not sheet.summary.not_allowed,
        "rows_with_errors": with_errors,
        "rows_with_bad_recipients": bad,
        "rows_with_missing_data": missing,
        "rows": first,
    }


def _csv_row(row: Any, channel: str) -> dict[str, Any]:
    cells = {}
    for key, value in row.values.items():
        cells[key] = {"value": value} | ({"error": row.errors[key]} if key in row.errors else {})
    shown = {
        "cells": cells,
        "has_error": row.has_error,
        "message_too_long": row.is_too_long,
        "message_empty": row.is_empty,
    }
    if channel == "letter":
        return shown | {"bad_address": row.is_bad_recipient, "address": list(row.address.lines) or [""]}
    return shown | {"recipient": row.recipient}


def _generated_csv(recipe: str) -> str:
    found = re.fullmatch(r"header '([^']*)' \+ (\d+) rows of (.*)", recipe)
    if not found:
        raise ValueError(f"unknown csv_generator: {recipe}")
    header, count, row = found.groups()
    return f"{header}\n" + f"{row}\n" * int(count)


def _timings(given: dict[str, Any]) -> Any:
    timings = letter_timings(datetime.fromisoformat(given["created_at"]), given["postage"])
    moments = {"printed_by": timings.printed_by, "earliest": timings.earliest, "latest": timings.latest}
    return {name: f"{moment:%Y-%m-%dT%H:%M:%SZ}" for name, moment in moments.items()}


def _is_allowed(given: dict[str, Any]) -> bool:
    """As spreadsheets and guest lists compare recipients."""
    return comparable_recipient(given["recipient"]) in {comparable_recipient(each) for each in given["allow_list"]}


#: Area → how we answer its input.
AREAS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "placeholders.extract": _extract,
    "render.body": _body,
    "render.subject": _subject,
    "sms.render": _sms,
    "sms.character": _character,
    "email.render": _email,
    "letter.render": _letter,
    "phone.validate": _phone,
    "email.validate": _email_address,
    "address.validate": _address,
    "address.from_personalisation": _address_values,
    "csv.validate": _csv,
    "recipient.allowed": _is_allowed,
    "sender.email_local_part": lambda given: email_sender_local_part(given["service_name"]),
    "api_key.name_prefix": lambda given: api_key_name_prefix(given["key_name"]),
    "letter.timings": _timings,
    "api.sanitise_personalisation": lambda given: sanitise(given["value"]),
    "api.request_validation": lambda given: {"errors": validate(given["schema"], given["data"])},
}

# --- comparing -----------------------------------------------------------------------------------------------------

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([\w-]+)=(\"[^\"]*\"|'[^']*')")


def normalise_html(text: str) -> str:
    """Only what a reader notices: the cases' own treatment, applied to both sides.

    Layout tables and the ``div`` around inset text go, and every attribute but ``href``, ``title`` and the class of
    ``span`` and ``div``. Our ``mark`` is their ``span``; a QR code's ``div`` need not stand in a paragraph.
    """
    text = re.sub(r'<div class="qrcode">.*?</div>', '<div class="qrcode"><svg></svg></div>', text, flags=re.DOTALL)
    text = text.replace('<p><div class="qrcode">', '<div class="qrcode">').replace("</svg></div></p>", "</svg></div>")
    text = re.sub(r"<div[^>]*>(<blockquote.*?</blockquote>)</div>", r"\1", text, flags=re.DOTALL)
    text = _TAG.sub(_normalise_tag, text)
    return re.sub(r"^(?:<br>)+", "", text).strip()


def _normalise_tag(found: re.Match[str]) -> str:
    closing, name, rest = found.groups()
    name = "span" if name == "mark" else name
    if name in ("table", "tr", "td"):
        return ""
    kept = {"href", "title"} | ({"class"} if name in ("span", "div") else set())
    attributes = "".join(
        f' {key}="{value[1:-1]}"' for key, value in _ATTRIBUTE.findall(rest.replace("\u2011", "-")) if key in kept
    )
    return f"<{closing}{name}{attributes}>"


def _same(expected: Any, actual: Any) -> bool:
    """Equal, where the other system gave an answer at all (it says ``raises …`` where it crashed)."""
    if isinstance(expected, str) and expected.startswith("raises "):
        return True
    if isinstance(expected, dict) and isinstance(actual, dict):
        if "raises" in expected:
            return True
        return expected.keys() == actual.keys() and all(_same(expected[key], actual[key]) for key in expected)
    return expected == actual and type(expected) is type(actual)


def _prepared(area: str, answer: Any) -> Any:
    if area in ("email.render", "letter.render") and isinstance(answer, dict) and isinstance(answer.get("html"), str):
        return answer | {"html": normalise_html(answer["html"])}
    if area == "csv.validate" and isinstance(answer, dict) and isinstance(answer.get("missing_column_headers"), list):
        return answer | {"missing_column_headers": sorted(answer["missing_column_headers"])}
    return answer


def decision(area: str, given: Any, expected: Any) -> str | None:
    """The chosen difference that covers a case, by its section in the decision's document."""
    if area == "sms.render":
        prefix = given.get("prefix") or ""
        return "1 spaces around a service's name" if prefix != prefix.strip() else None
    if area == "phone.validate" or (area == "api.request_validation" and isinstance(given.get("data"), dict)):
        raw = given.get("number") if area == "phone.validate" else given["data"].get("phone_number")
        digits = re.sub(r"[^0-9+]", "", raw) if isinstance(raw, str) else ""
        national = re.sub(r"^(?:\+44|0044|44|0)", "", digits)
        if national.startswith("7700") and len(national) != 10:
            return "2 drama numbers of the wrong length"
        if re.fullmatch(r"\+(?!44)\d{1,3}7700\d+", digits):
            return "2 drama numbers of the wrong length"
        if re.fullmatch(r"07\d{10}", digits):
            return "3 one digit too many"
    return None


def replay(case: dict[str, Any]) -> Result:
    """Replay one case."""
    area, given, expected = case["area"], case["input"], case["expected"]
    answer = AREAS.get(area)
    if answer is None:
        return Result(area, "skip", f"nobody replays {area}")
    try:
        actual = answer(given)
    except Exception as error:
        return Result(area, "fail", _detail(given, expected, f"{type(error).__name__}: {error}"))
    actual = _prepared(area, actual)
    expected = _prepared(area, expected)
    if area == "csv.validate" and isinstance(expected, dict) and isinstance(expected.get("rows"), list):
        actual = actual | {"rows": actual["rows"][: len(expected["rows"])]}
        _allow_unknown_rows(expected, actual)
    if _same(expected, actual):
        return Result(area, "pass")
    chosen = decision(area, given, expected)
    return Result(area, "decided" if chosen else "fail", _detail(given, expected, actual, chosen))


def _allow_unknown_rows(expected: dict[str, Any], actual: dict[str, Any]) -> None:
    """Beyond the limit the other system reads no rows, so says nothing about errors in them."""
    if expected.get("too_many_rows") is True:
        for name in ("rows_with_errors", "rows_with_bad_recipients", "rows_with_missing_data"):
            actual[name] = expected.get(name)


def _detail(given: Any, expected: Any, actual: Any, chosen: str | None = None) -> str:
    note = f"\n  decided:  {chosen}" if chosen else ""
    if isinstance(expected, dict) and isinstance(actual, dict):
        keys = [key for key in expected | actual if not _same(expected.get(key), actual.get(key))]
        expected = {key: expected.get(key) for key in keys}
        actual = {key: actual.get(key) for key in keys}
    return f"  input:    {_short(given)}\n  expected: {_short(expected)}\n  actual:   {_short(actual)}{note}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 700 else f"{text[:700]}… ({len(text)} characters)"


def read_cases(path: Path) -> Iterator[dict[str, Any]]:
    """The cases of a file, one JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__.split("\n", 1)[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--area", help="replay only this area")
    parser.add_argument("--quiet", action="store_true", help="print the table only")
    options = parser.parse_args(arguments)
    counts: dict[str, Counter[str]] = {}
    for number, case in enumerate(read_cases(options.file), start=1):
        if options.area and case["area"] != options.area:
            continue
        result = replay(case)
        counts.setdefault(result.area, Counter())[result.outcome] += 1
        if result.outcome in ("fail", "decided") and not options.quiet:
            print(f"{result.outcome.upper()} line {number} {result.area}\n{result.detail}\n")
    print(f"{'area':32}{'pass':>6}{'fail':>6}{'decided':>9}{'skip':>6}")
    total: Counter[str] = Counter()
    for area in sorted(counts):
        _print_line(area, counts[area])
        total += counts[area]
    _print_line("total", total)
    return 1 if total["fail"] else 0


def _print_line(name: str, count: Counter[str]) -> None:
    print(f"{name:32}{count['pass']:>6}{count['fail']:>6}{count['decided']:>9}{count['skip']:>6}")


if __name__ == "__main__":
    sys.exit(main())
