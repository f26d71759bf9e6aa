"""Letters: the same Markdown as emails, for paper.

Differences: one level of heading, ``---`` breaks the page, bare addresses are bold without ``https://``,
``[text](address)`` stays as written, and a paragraph ``qr: …`` is a QR code.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from content import language, typography
from content.blocks import BlockParser, Node, prepare
from content.caching import remember
from content.emails import highlight, render_subject
from content.inlines import Renderer, Writer, render
from content.markup import MarkdownFiller, cut
from content.message import MessageContent
from content.postal import PostalAddress
from content.whitespace import trim

#: Most bytes (UTF-8) in a QR code that phones can still read from paper, at error correction level M.
QR_BYTE_LIMIT: Final = 504

_QR: Final = re.compile(r"\s*qr\s*:\s*(\S[\s\S]*)", re.IGNORECASE)
_UNSUPPORTED: Final = str.maketrans("", "", "\u2028\u3164")
_TAG: Final = re.compile(r"(<[^>]*>)")
# Marks around bold text while a block is still one text; removed from templates and values beforehand.
_BOLD, _END_BOLD = "\x02", "\x03"
_BOLD_RUN: Final = re.compile(f"{_BOLD}([^{_END_BOLD}]*){_END_BOLD}")
_QR_OPEN, _QR_CLOSE = '<div class="qrcode">', "</div>"
_QR_CODE: Final = re.compile(f"{_QR_OPEN}(.*?){_QR_CLOSE}", re.DOTALL)
_DROP_MARKS: Final = str.maketrans("", "", "\x00\x01\x02\x03")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; a line break is ``\\n`` in it."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a letter.

    ``paragraph`` and ``heading`` have ``runs``; ``list`` has ``items`` (each a tuple of blocks) and ``ordered``;
    ``qr`` has its text in ``data``; ``page_break`` has nothing.
    """

    kind: Literal["paragraph", "heading", "list", "page_break", "qr"]
    runs: tuple[Run, ...] = ()
    items: tuple[tuple[Block, ...], ...] = ()
    ordered: bool = False
    data: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class QrTooLong:
    """A QR code nobody could scan: its text and size."""

    data: str
    num_bytes: int
    max_bytes: int = QR_BYTE_LIMIT


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter for the typesetter. A bilingual one has Welsh parts, which come first."""

    address: PostalAddress
    address_lines: tuple[str, ...]
    contact_lines: tuple[str, ...]
    heading: str
    blocks: tuple[Block, ...]
    welsh_heading: str
    welsh_blocks: tuple[Block, ...]
    qr_too_long: QrTooLong | None
    html: str


class LetterHtml(Renderer):
    """HTML of a letter's body, for previews on a page."""

    def line_break(self) -> str:
        return "<br>"

    def url(self, url: str) -> str:
        return f"<strong>{_without_protocol(url)}</strong>"

    def link(self, address: str, title: str | None, content: str) -> str:
        return f"[{content}]({address})"

    def special_paragraph(self, source: str) -> str | None:
        found = _QR.match(source)
        return f"{_QR_OPEN}{found.group(1)}{_QR_CLOSE}" if found else None

    def paragraph(self, content: str) -> str:
        return f"<p>{content}</p>" if content.strip() else ""

    def heading(self, content: str, level: int) -> str:
        return f"<h2>{content}</h2>\n" if level == 1 else self.paragraph(content)

    def rule(self) -> str:
        return '<div class="page-break">&nbsp;</div>'

    def list(self, items: list[str], ordered: bool) -> str:
        tag = "ol" if ordered else "ul"
        return f"<{tag}>\n" + "".join([f"<li>{item}</li>\n" for item in items]) + f"</{tag}>\n"


class _RunText(Renderer):
    """Inline text of a block, with marks around what is bold."""

    def url(self, url: str) -> str:
        return f"{_BOLD}{_without_protocol(url)}{_END_BOLD}"

    def link(self, address: str, title: str | None, content: str) -> str:
        return f"[{content}]({address})"


def _without_protocol(url: str) -> str:
    return url.replace("http://", "").replace("https://", "")


_HTML: Final = LetterHtml()
_RUNS: Final = _RunText()


def render_letter(
    content: MessageContent, values: Mapping[str, Any] | None, *, formatted: Collection[str] | str = ()
) -> RenderedLetter:
    """A letter's parts with its values. Never raises: a bad address or QR code is said in the result."""
    given = language.normalise_keys(values)
    blocks = letter_blocks(content.body, given, formatted=formatted)
    welsh_blocks = letter_blocks(content.welsh_body, given, formatted=formatted) if content.welsh_body else ()
    address = PostalAddress.parse(address_values(given))
    contact = language.PLAIN.fill(content.contact_block, given)
    return RenderedLetter(
        address=address,
        address_lines=address.lines,
        contact_lines=tuple(trim(line) for line in contact.strip().splitlines()),
        heading=render_subject(content, given),
        blocks=blocks,
        welsh_heading=_heading(content.welsh_subject, given),
        welsh_blocks=welsh_blocks,
        qr_too_long=find_long_qr((*welsh_blocks, *blocks)),
        html=render_letter_html(content, given, formatted=formatted),
    )


def address_values(values: Mapping[str, Any]) -> list[Any]:
    """The address among values with normalised keys. Line 7 comes last if there is one, else the postcode."""
    keys = [f"addressline{number}" for number in range(1, 7)]
    return [values.get(key) for key in (*keys, "addressline7" if "addressline7" in values else "postcode")]


def _heading(text: str, values: Mapping[str, Any]) -> str:
    return render_subject(MessageContent("letter", "", text), values) if text else ""


def render_letter_html(
    content: MessageContent, values: Mapping[str, Any] | None, *, formatted: Collection[str] | str = ()
) -> str:
    """HTML of the body (the English one) for a preview; gaps highlighted, hyphens kept from breaking."""
    filler = MarkdownFiller(language.normalise_keys(values), formatted, show_gap=highlight, on_paper=True)
    source = filler.fill_source(content.body) + "\n"
    pieces = _compiled_html(source) if filler.reusable else _compile_html(source)
    text = filler.finish(pieces)
    if _QR_OPEN in text:
        text = _QR_CODE.sub(_draw_qr, text)
    text = typography.apply(text).strip()
    return "".join(piece if piece[:1] == "<" else piece.replace("-", "\u2011") for piece in _TAG.split(text))


def _draw_qr(found: re.Match[str]) -> str:
    data = html.unescape(found.group(1)).strip()
    return f"{_QR_OPEN}{qr_svg(data)}{_QR_CLOSE}"


@lru_cache(maxsize=256)
def qr_svg(data: str) -> str:
    """A QR code as an SVG element; an empty one for data that does not fit."""
    import segno  # noqa: PLC0415 - only letters with a code need it

    if len(data.encode("utf-8", "replace")) > QR_BYTE_LIMIT:
        return '<svg role="img" aria-label="QR code with too much data"></svg>'
    try:
        code = segno.make_qr(data, error="m", boost_error=False)
    except (segno.DataOverflowError, UnicodeError):
        return '<svg role="img" aria-label="QR code that cannot be drawn"></svg>'
    drawn = code.svg_inline(scale=3, omitsize=True, title=None, svgclass=None, lineclass=None)
    return drawn.replace("<svg", '<svg role="img" aria-label="QR code"', 1)


def _compile_html(source: str) -> tuple[str, ...]:
    return cut(render(source.translate(_UNSUPPORTED), _HTML))


_compiled_html = remember(most=256, longest=20_000)(_compile_html)


def letter_blocks(text: str, values: Mapping[str, Any], *, formatted: Collection[str] | str = ()) -> tuple[Block, ...]:
    """The body of a letter as blocks."""
    filler = MarkdownFiller(values, formatted, escape=False, on_paper=True)
    source = filler.fill_source(text.translate(_DROP_MARKS)).translate(_UNSUPPORTED).translate(_DROP_MARKS)
    parser = BlockParser()
    nodes = parser.parse(prepare(source + "\n"))
    return _Blocks(parser, filler).convert(nodes)


class _Blocks:
    def __init__(self, parser: BlockParser, filler: MarkdownFiller) -> None:
        self.writer = Writer(_RUNS, parser)
        self.filler = filler

    def convert(self, nodes: list[Node], *, bare: bool = False) -> tuple[Block, ...]:
        done: list[Block] = []
        notes: list[Block] = []
        for node in _joined(nodes):
            kind = node[0]
            if kind in ("paragraph", "text"):
                done.extend(self.paragraph(node[1]))
            elif kind == "heading":
                done.extend(self.heading(node) if node[1] == 1 else self.paragraph(node[2]))
            elif kind == "list":
                items = tuple(self.convert(children) for _, children in node[2])
                done.append(Block("list", items=items, ordered=node[1]))
            elif kind == "rule":
                done.append(Block("page_break"))
            elif kind == "quote":
                done.extend(self.convert(node[1]))
            elif kind == "code":
                done.extend(self.runs(node[1].strip("\n")))
            elif kind == "footnote":
                notes.extend(self.convert(node[2]))
        return (*done, *notes)

    def heading(self, node: Node) -> list[Block]:
        return [Block("heading", runs=block.runs) for block in self.runs(self.writer.inline(node[2]))]

    def paragraph(self, text: str) -> list[Block]:
        found = _QR.match(text)
        if found:
            return [Block("qr", data=self.finish(found.group(1)).strip())]
        return self.runs(self.writer.inline(text))

    def finish(self, text: str) -> str:
        return html.unescape(self.filler.finish(cut(text)))

    def runs(self, text: str) -> list[Block]:
        text = html.unescape(typography.apply(self.filler.finish(cut(text))))
        if not text.strip():
            return []
        runs: list[Run] = []
        for index, piece in enumerate(_BOLD_RUN.split(text.strip())):
            if piece:
                runs.append(Run(piece.replace(_BOLD, "").replace(_END_BOLD, ""), bold=bool(index % 2)))
        return [Block("paragraph", runs=tuple(runs))]


def _joined(nodes: list[Node]) -> list[Node]:
    """Lines of text that follow each other, as one."""
    done: list[Node] = []
    for node in nodes:
        if node[0] == "text" and done and done[-1][0] == "text":
            done[-1] = ("text", f"{done[-1][1]}\n{node[1]}")
        else:
            done.append(node)
    return done


def find_long_qr(blocks: Collection[Block]) -> QrTooLong | None:
    """The first QR code with more in it than a phone can read, if any."""
    for block in blocks:
        if block.kind == "qr" and (size := len(block.data.encode("utf-8", "surrogatepass"))) > QR_BYTE_LIMIT:
            return QrTooLong(block.data, size)
        for item in block.items:
            found = find_long_qr(item)
            if found:
                return found
    return None


def long_qr(
    content: MessageContent, values: Mapping[str, Any] | None, *, formatted: Collection[str] | str = ()
) -> QrTooLong | None:
    """The first QR code of a letter that is too long. Cheap where there is none."""
    given = language.normalise_keys(values)
    for text in (content.welsh_body, content.body):
        if _MAY_HAVE_QR.search(text):
            found = find_long_qr(letter_blocks(text, given, formatted=formatted))
            if found:
                return found
    return None


_MAY_HAVE_QR: Final = re.compile(r"qr\s*:|\(\(", re.IGNORECASE)
