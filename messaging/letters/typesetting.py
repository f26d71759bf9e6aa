"""From a letter's words to a PDF, by Typst."""

import io
import json
import logging
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, cast

import pikepdf
import pypdfium2 as pdfium
import segno
import typst
from django.utils import formats

from branding.models import LetterBrand
from content import Block, RenderedLetter, Run

logger = logging.getLogger(__name__)

# reference: template-language §4
MAX_PAGES = 10
_TEMPLATE = Path(__file__).with_name("letter.typ")
_lock = Lock()


class UnreadablePdf(ValueError):  # noqa: N818 - an answer, not a fault
    """A file that is no PDF, or one nobody can read."""


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(_TEMPLATE)


def render_pdf(letter: RenderedLetter, *, day: date, brand: LetterBrand | None = None) -> bytes:
    """The letter as a PDF, dated `day`, with the logo of a brand. Tagged, so that a screen reader can follow it."""
    data = {
        "logo": _logo(brand),
        "logo_name": brand.name if brand else "",
        "title": letter.heading or letter.welsh_heading or "Letter",
        "address": list(letter.address_lines),
        "contact": list(letter.contact_lines),
        "date": formats.date_format(day, "j F Y"),
        "heading": letter.heading,
        "blocks": [_block(block) for block in letter.blocks],
        "welsh_heading": letter.welsh_heading,
        "welsh_blocks": [_block(block) for block in letter.welsh_blocks],
    }
    with _lock:
        return cast(bytes, _compiler().compile(format="pdf", sys_inputs={"data": json.dumps(data)}))


def _logo(brand: LetterBrand | None) -> str:
    """The SVG of a brand; a logo whose file is gone is left out, because the letter matters more."""
    if brand is None:
        return ""
    try:
        with brand.logo.open("rb") as file:
            return str(file.read().decode())
    except OSError:
        logger.exception("The logo of the letter brand %s cannot be read", brand.pk)
        return ""


def _block(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "runs": [_run(run) for run in block.runs],
        "items": [[_block(each) for each in item] for item in block.items],
        "ordered": block.ordered,
        "data": block.data,
        "svg": _qr(block.data) if block.kind == "qr" else "",
    }


def _run(run: Run) -> dict[str, Any]:
    return {"text": run.text, "bold": run.bold}


def _qr(data: str) -> str:
    """The code's picture; too much text for one becomes an empty picture (accepting refuses it before)."""
    out = io.BytesIO()
    try:
        segno.make_qr(data, error="m").save(out, kind="svg", xmldecl=False)
    except segno.DataOverflowError:
        return '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    return out.getvalue().decode()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has; refuses what cannot be read with UnreadablePdf."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return len(opened.pages)
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise UnreadablePdf(str(error)) from error


def page_png(pdf: bytes, number: int = 0, *, width: int = 794) -> bytes:
    """A page as a picture, so many pixels wide. Refuses a page that is not there, and no PDF, with UnreadablePdf."""
    with _lock:  # PDFium is not safe in threads
        try:
            document = pdfium.PdfDocument(pdf)
            try:
                page = document[number]
                picture = page.render(scale=width / page.get_width()).to_pil()
            finally:
                document.close()
        except (pdfium.PdfiumError, IndexError) as error:
            raise UnreadablePdf(str(error)) from error
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def sheets(pages: int) -> int:
    """Letters are printed on both sides."""
    return (pages + 1) // 2
