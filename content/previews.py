"""Templates and messages on a web page: safe HTML with the gaps marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

from content import language, typography, whitespace
from content.emails import UNSUBSCRIBE_TEXT, highlight, render_body_html
from content.letters import render_letter_html
from content.markup import MarkdownFiller, cut, escape_value
from content.sms import encode

if TYPE_CHECKING:
    from content.message import MessageContent


#: What the unsubscribe option adds to an email; in a preview the link leads to an example.
_UNSUBSCRIBE: Final = f'<hr><p><a href="/unsubscribe/example">{UNSUBSCRIBE_TEXT}</a></p>'


def render_preview_html(
    content: MessageContent,
    values: Mapping[str, Any] | None = None,
    *,
    formatted: Collection[str] | str = (),
    prefix: str | None = None,
) -> str:
    """The body of a template or message as safe HTML.

    A placeholder without a value is ``<mark class="placeholder">((name))</mark>``; of a conditional one
    ``<mark class="placeholder-conditional">((name??</mark>`` opens its text. ``prefix`` is the service's name before
    texts.
    """
    if content.channel == "email":
        written = render_body_html(content, values, formatted=formatted, for_page=True)
        return written + _UNSUBSCRIBE if content.unsubscribe_link else written
    if content.channel == "letter":
        return render_letter_html(content, values, formatted=formatted)
    return _sms_html(content.body, values, prefix)


def render_subject_preview(content: MessageContent, values: Mapping[str, Any] | None = None) -> str:
    """Subject or heading as safe HTML on one line, gaps marked."""
    filler = _OneLineFiller(language.normalise_keys(values), show_gap=highlight, escape=False)
    text = whitespace.one_line(typography.apply(filler.fill_source(content.subject)))
    return _written(text, filler, lambda piece: piece)


class _OneLineFiller(MarkdownFiller):
    """Values become part of the text at once (there is no Markdown in it); only gaps are stood in for."""

    def literal(self, text: str) -> str:
        return super().literal(text)

    def value(self, placeholder: language.Placeholder, text: str) -> str:
        return super().literal(text)

    def items(self, placeholder: language.Placeholder, items: list[str]) -> str:
        return super().literal(language.join_words(items))

    def shown(self, mark: str) -> str:
        """The HTML for a stand-in."""
        return self._standing_in[ord(mark) - 0xF0000][1]


def _sms_html(body: str, values: Mapping[str, Any] | None, prefix: str | None) -> str:
    filler = _OneLineFiller(language.normalise_keys(values), show_gap=highlight, escape=False)
    text = filler.fill_source(body)
    if prefix and prefix.strip():
        text = f"{prefix.strip()}: {text}"
    text = whitespace.tidy_lines(whitespace.close_up_punctuation(text))
    text = whitespace.squeeze_newlines(text).strip()
    return _written(text, filler, encode).replace("\n", "<br>")


def _written(text: str, filler: _OneLineFiller, finish: Any) -> str:
    done = []
    for index, piece in enumerate(cut(text)):
        done.append(filler.shown(piece) if index % 2 else escape_value(finish(piece)))
    return "".join(done)
