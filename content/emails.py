"""Emails: one Markdown source, a page of HTML, a plain text and a subject."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from content import language, typography, whitespace
from content.caching import remember
from content.email_layout import STYLES, EmailBranding, lay_out
from content.inlines import Renderer, render
from content.markup import MarkdownFiller, cut, encode_address, escape_value, to_address

if TYPE_CHECKING:
    from content.message import MessageContent

#: Most bytes of a body with its values, before Markdown is rendered.
EMAIL_BYTE_LIMIT: Final = 2_000_000
PREHEADER_LENGTH: Final = 256
UNSUBSCRIBE_TEXT: Final = "Unsubscribe from these emails"

_WIDTH: Final = 65
_LOOSE_AMPERSAND: Final = re.compile(r"&(?!#?\w+;)")
_UNSUPPORTED: Final = str.maketrans("", "", "\u2028\u3164")


class HtmlRenderer(Renderer):
    """Email HTML. ``styles`` gives every tag its own style, because mail programs drop style sheets."""

    def __init__(self, styles: Mapping[str, str]) -> None:
        tags = ("p", "h2", "h3", "hr", "ul", "ol", "li", "blockquote", "a")
        self._open = {tag: f"<{tag}{styles.get(tag, '')}>" for tag in tags}
        self._link_style = styles.get("a", "")

    def line_break(self) -> str:
        return "<br>"

    def url(self, url: str) -> str:
        return f'<a href="{encode_address(url)}"{self._link_style}>{url}</a>'

    def link(self, address: str, title: str | None, content: str) -> str:
        titled = f' title="{title.replace(chr(34), "&quot;")}"' if title else ""
        return f'<a href="{to_address(address)}"{titled}{self._link_style}>{content}</a>'

    def paragraph(self, content: str) -> str:
        return f"{self._open['p']}{content}</p>" if content.strip() else ""

    def heading(self, content: str, level: int) -> str:
        if level > 2:
            return self.paragraph(content)
        tag = "h2" if level == 1 else "h3"
        return f"{self._open[tag]}{content}</{tag}>"

    def rule(self) -> str:
        return self._open["hr"]

    def quote(self, content: str) -> str:
        return f"{self._open['blockquote']}{content}</blockquote>"

    def list(self, items: list[str], ordered: bool) -> str:
        tag = "ol" if ordered else "ul"
        item_open = self._open["li"]
        written = "".join([f"{item_open}{item}</li>" for item in items])
        return f"{self._open[tag]}{written}</{tag}>"


class TextRenderer(Renderer):
    """Plain text. Angle brackets and ampersands are escaped on the way and decoded at the end."""

    raw_html = True

    def text(self, text: str) -> str:
        return _escape_lightly(text) if "&" in text or "<" in text or ">" in text else text

    def url(self, url: str) -> str:
        return self.text(url)

    def link(self, address: str, title: str | None, content: str) -> str:
        titled = f" ({self.text(title)})" if title else ""
        return f"{content}{titled}: {self.text(address)}"

    def paragraph(self, content: str) -> str:
        return f"\n\n{content}" if content.strip() else ""

    def heading(self, content: str, level: int) -> str:
        if level > 2:
            return self.paragraph(content)
        return f"\n\n\n{content}\n{('=' if level == 1 else '-') * _WIDTH}"

    def rule(self) -> str:
        return "\n\n" + ("=-" * _WIDTH)[:_WIDTH]

    def list(self, items: list[str], ordered: bool) -> str:
        return "\n" + "".join([f"\n{f'{number}.' if ordered else '•'} {item}" for number, item in enumerate(items, start=1)])


class PreheaderRenderer(TextRenderer):
    """The words of an email, for the line shown beside its subject in an inbox."""

    raw_html = False

    def text(self, text: str) -> str:
        return text

    def url(self, url: str) -> str:
        return self.text(url)

    def heading(self, content: str, level: int) -> str:
        return self.paragraph(content)

    def rule(self) -> str:
        return ""

    def link(self, address: str, title: str | None, content: str) -> str:
        return f"{content} ({title})" if title else content


def _escape_lightly(text: str) -> str:
    """Escape what decoding entities would otherwise change, except entities people typed."""
    return _LOOSE_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


HTML: Final = HtmlRenderer(STYLES)
PAGE: Final = HtmlRenderer({})
TEXT: Final = TextRenderer()
PREHEADER: Final = PreheaderRenderer()


def _markdown(source: str, renderer: Renderer) -> str:
    source = typography.unlink_govuk(source)
    return render(source if source.isascii() else source.translate(_UNSUPPORTED), renderer)


@remember(most=1024, longest=20_000)
def _compiled(source: str, renderer: Renderer) -> tuple[str, ...]:
    return cut(_markdown(source, renderer))


def _rendered(source: str, filler: MarkdownFiller, renderer: Renderer) -> str:
    if filler.reusable:
        return typography.apply(filler.finish(_compiled(source, renderer)))
    text = _markdown(source, renderer)
    return typography.apply(filler.finish(cut(text)) if filler.is_standing_in else text)


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """An email as it will be sent. ``html`` is the whole document, ``body_html`` only what the template says."""

    subject: str
    html: str
    text: str
    preheader: str
    body_html: str


def highlight(text: str) -> str:
    """A placeholder without a value, marked for a page. Brackets are entities so that nothing fills them again."""
    if text == "))":
        return "&#41;&#41;"
    kind = "placeholder-conditional" if text.endswith("??") else "placeholder"
    safe = escape_value(text).replace("(", "&#40;").replace(")", "&#41;")
    return f'<mark class="{kind}">{safe}</mark>'


def render_email(
    content: MessageContent,
    values: Mapping[str, Any] | None,
    *,
    formatted: Collection[str] | str = (),
    brand: EmailBranding | None = None,
    unsubscribe_url: str | None = None,
    footer_contact: str | None = None,
) -> RenderedEmail:
    """Render an email's subject, HTML and plain text.

    ``formatted`` names the placeholders whose values may carry Markdown (``FORMATTED_ALL`` for every one); all others
    are written as plain text, except that lists of values become bullets. ``unsubscribe_url`` appends a rule and a
    link.
    ``footer_contact`` is one plain line about who sent this. Never raises; gaps show as ``((name))``.
    """
    given = language.normalise_keys(values)
    body_html = render_body_html(content, given, formatted=formatted, unsubscribe_url=unsubscribe_url)
    text = render_text(content, given, formatted=formatted, unsubscribe_url=unsubscribe_url)
    preheader = render_preheader(content, given, formatted=formatted)
    subject = render_subject(content, given)
    if footer_contact:
        text = f"{text}\n{footer_contact}\n"
    document = lay_out(
        body_html,
        title=escape_value(subject),
        preheader=preheader,
        brand=brand or EmailBranding(),
        footer=escape_value(footer_contact) if footer_contact else "",
    )
    return RenderedEmail(subject, document, text, preheader, body_html)


def render_body_html(
    content: MessageContent,
    values: Mapping[str, Any] | None,
    *,
    formatted: Collection[str] | str = (),
    unsubscribe_url: str | None = None,
    for_page: bool = False,
) -> str:
    """The HTML of what the template says, without the document around it; ``for_page`` leaves out the styles."""
    filler = MarkdownFiller(language.normalise_keys(values), formatted, show_gap=highlight)
    return _rendered(_source(content, filler, unsubscribe_url), filler, PAGE if for_page else HTML)


def render_text(
    content: MessageContent,
    values: Mapping[str, Any] | None,
    *,
    formatted: Collection[str] | str = (),
    unsubscribe_url: str | None = None,
) -> str:
    """The plain text of an email."""
    filler = MarkdownFiller(language.normalise_keys(values), formatted, escape=False)
    text = _rendered(_source(content, filler, unsubscribe_url), filler, TEXT)
    if "&" in text:
        text = html.unescape(text)
    return text.lstrip() + "\n"


def render_preheader(
    content: MessageContent, values: Mapping[str, Any] | None, *, formatted: Collection[str] | str = ()
) -> str:
    """The beginning of an email's words, HTML-safe."""
    filler = MarkdownFiller(language.normalise_keys(values), formatted, show_gap=escape_value)
    text = _rendered(filler.fill_source(content.body) + "\n", filler, PREHEADER)
    return " ".join(text.split())[:PREHEADER_LENGTH].strip()


def render_subject(content: MessageContent, values: Mapping[str, Any] | None) -> str:
    """Subject of an email or heading of a letter: one line, lists as ``a, b and c``, not escaped."""
    filled = language.PLAIN.fill(content.subject, language.normalise_keys(values))
    return whitespace.one_line(typography.apply(filled))


def email_body_bytes(content: MessageContent, values: Mapping[str, Any] | None) -> int:
    """Size that ``EMAIL_BYTE_LIMIT`` applies to."""
    filled = language.MARKDOWN_LISTS.fill(content.body, language.normalise_keys(values))
    return len(filled.strip().encode("utf-8", "surrogatepass"))


def _source(content: MessageContent, filler: MarkdownFiller, unsubscribe_url: str | None) -> str:
    source = filler.fill_source(content.body)
    if unsubscribe_url:
        source += f"\n\n---\n\n[{UNSUBSCRIBE_TEXT}]({filler.stand_in(unsubscribe_url)})"
    return source + "\n"
