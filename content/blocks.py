"""Markdown, first half: cutting a text into blocks.

The dialect is a small, forgiving one: ``*``, ``-`` and ``•`` make bullets even without a space, ``^`` makes inset text,
``#`` needs no space, tables vanish. People's existing templates depend on every quirk of it, so the rules below follow
the parser those templates were written for, rule for rule and in its order. Scanning is by hand where a regular
expression would take quadratic time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

#: How deep lists and inset texts may nest before the rest is taken as text.
MAX_DEPTH: Final = 6

Node = tuple[Any, ...]
"""A block: its kind, then what belongs to it.

``("paragraph", text)``, ``("heading", level, text)``, ``("rule",)``, ``("code", text)``, ``("quote", nodes)``,
``("list", ordered, items)`` with items ``(loose, nodes)``, ``("text", text)``, ``("newline",)``, ``("html", text)``,
``("footnote", key, nodes)``.
"""

_NEWLINES: Final = re.compile(r"\n+")
_RULE: Final = re.compile(r" {0,3}[-*_](?: *[-*_]){2,} *(?:\n+|$)")
_CODE: Final = re.compile(r"(?: {4}[^\n]+\n*)+")
_CODE_INDENT: Final = re.compile(r"^ {4}", re.MULTILINE)
_FENCE: Final = re.compile(r" *(`{3,}|~{3,}) *([^`\s]+)? *\n")
_HEADING: Final = re.compile(r" *(#{1,6})([^\n]*)")
_UNDERLINED: Final = re.compile(r"([^\n]+)\n *(=|-)+ *(?:\n+|$)")
_QUOTE: Final = re.compile(r"(?: *\^[^\n]+(?:\n[^\n]+)*\n*)+")
_QUOTE_MARK: Final = re.compile(r"^ *\^ ?", re.MULTILINE)
_LINK_DEFINITION: Final = re.compile(r" *\[([^^\]]+)\]: *<?([^\s>]+)>?(?: +[\"(]([^\n]+)[\")])? *(?:\n+|$)")
_FOOTNOTE: Final = re.compile(r"\[\^([^\]]+)\]: *([^\n]*(?:\n+|$)(?: +[^\n]*(?:\n+|$))*)")
_LIST_START: Final = re.compile(r"( *)([•*-]|\d+\.)[\s\S]")
_LIST_RULE: Final = re.compile(r"(?:[-*_] *){3,}(?:\n|$)")
_LIST_ITEM: Final = re.compile(r"^(( *)(?:[•*-]|\d+\.)[^\n]*(?:\n(?!\2(?:[•*-]|\d+\.))[^\n]*)*)", re.MULTILINE)
_BULLET: Final = re.compile(r" *(?:[•*-]|\d+\.)")
_BULLET_AND_SPACE: Final = re.compile(r"(?:[•*-]|\d+\.) ")
_LOOSE: Final = re.compile(r"\n\n(?!\s*$)")
_TABLE: Final = re.compile(r" *\|(.+)\n *\|( *[-:]+[-| :]*)\n((?: *\|.*(?:\n|$))*)\n*")
_BARE_TABLE_RULE: Final = re.compile(r" *[-:]+ *\|[-| :]*\n")

# What ends a paragraph without a blank line. The list here is stricter than a list elsewhere: it wants a space after
# the bullet, knows "+", and does not know "•".
_STRICT_LIST: Final = re.compile(r" *(?=[*+-]|\d+\.)[*+-]?(?:\d+\.)? [\s\S]")
_ANGLE_QUOTE: Final = re.compile(r" *>[^\n]")
_FIRST_CHARACTER: Final = re.compile(r" *([^ \n]?)")

_INLINE_TAGS: Final = (
    "a|em|strong|small|s|cite|q|dfn|abbr|data|time|code|var|samp|kbd|sub|sup|i|b|u|mark|ruby|rt|rp|bdi|bdo|span|br|"
    "wbr|ins|del|img|font"
)
#: Longer tags than this are text.
LONGEST_TAG: Final = 2000
TAG_END: Final = r"(?!:/|[^\w\s@]*@)\b"
TAG_ATTRIBUTES: Final = r"(?:\s*[a-zA-Z\-](?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s'\">]+))?)*?"
_BLOCK_TAG: Final = rf"(?!(?:{_INLINE_TAGS})\b)\w+{TAG_END}"
_BLOCK_TAG_START: Final = re.compile(f"<{_BLOCK_TAG}")
_BLOCK_TAG_OPEN: Final = re.compile(rf"<({_BLOCK_TAG}){TAG_ATTRIBUTES}\s*(/?)>")
_BLANK_AFTER: Final = re.compile(r" *(?:\n{2,}|\s*$)")

_BLANK_LINES: Final = re.compile(r"^ +$", re.MULTILINE)


def prepare(text: str) -> str:
    """One kind of line end, no tabs, blank lines without spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\t" in text:
        text = text.expandtabs(4)
    text = text.replace("\u2424", "\n")
    return _BLANK_LINES.sub("", text) if "\n " in text or text.startswith(" ") else text


def link_key(key: str) -> str:
    """How names of link definitions and footnotes are compared."""
    return re.sub(r"\s+", " ", key.lower())


@dataclass(slots=True)
class BlockParser:
    """Cuts one document. ``raw_html`` says whether ``<tags>`` may occur (they cannot once the text is escaped)."""

    raw_html: bool = False
    links: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    footnotes: dict[str, int] = field(default_factory=dict)
    _list_depth: int = 0
    _quote_depth: int = 0
    _unclosed: set[str] = field(default_factory=set)

    def parse(self, text: str, *, in_list: bool = False, in_footnote: bool = False) -> list[Node]:
        """The blocks of a text. Inside list items there are no paragraphs or headings with ``#``."""
        text = text.rstrip("\n")
        outer, self._unclosed = self._unclosed, set()
        nodes: list[Node] = []
        step = self._list_step if in_list else self._step
        position, end = 0, len(text)
        while position < end:
            if text[position] == "\n":
                stop = _match(_NEWLINES, text, position).end()
                if stop - position > 1:
                    nodes.append(("newline",))
                position = stop
                continue
            position = step(text, position, nodes, in_footnote)
        self._unclosed = outer
        return nodes

    def _step(self, text: str, position: int, nodes: list[Node], in_footnote: bool) -> int:
        """One block at ``position``; returns where the next begins."""
        first = _match(_FIRST_CHARACTER, text, position).group(1)
        if first in "-*_" and first and not in_footnote:
            found = _RULE.match(text, position)
            if found:
                nodes.append(("rule",))
                return found.end()
        stop = self._code(text, position, first, nodes)
        if stop is None and first == "#":
            stop = self._heading(text, position, nodes)
        if stop is None and "|" in text:
            stop = _skip_bare_table(text, position)
        if stop is None:
            stop = self._underlined(text, position, nodes)
        if stop is None and in_footnote and first and first in "-*_":
            found = _RULE.match(text, position)
            if found:
                nodes.append(("rule",))
                return found.end()
        if stop is None:
            stop = self._container(text, position, first, nodes)
        if stop is None and first == "[" and not in_footnote:
            stop = self._definition(text, position, nodes)
        if stop is None and first == "|":
            found = _TABLE.match(text, position)
            stop = found.end() if found else None
        if stop is None:
            stop = self._paragraph(text, position, nodes)
        return stop

    def _list_step(self, text: str, position: int, nodes: list[Node], in_footnote: bool) -> int:
        first = _match(_FIRST_CHARACTER, text, position).group(1)
        stop = self._code(text, position, first, nodes)
        if stop is None:
            stop = self._underlined(text, position, nodes)
        if stop is None and first and first in "-*_":
            found = _RULE.match(text, position)
            if found:
                nodes.append(("rule",))
                return found.end()
        if stop is None:
            stop = self._container(text, position, first, nodes)
        if stop is None:
            stop = _line_end(text, position)
            nodes.append(("text", text[position:stop]))
        return stop

    def _code(self, text: str, position: int, first: str, nodes: list[Node]) -> int | None:
        if text.startswith("    ", position):
            found = _CODE.match(text, position)
            if found:
                nodes.append(("code", _CODE_INDENT.sub("", found.group())))
                return found.end()
        if first and first in "`~":
            fence = self._fence(text, position)
            if fence:
                nodes.append(("code", fence[0]))
                return fence[1]
        return None

    def _fence(self, text: str, position: int) -> tuple[str, int] | None:
        found = _FENCE.match(text, position)
        if not found or found.group(1) in self._unclosed:
            return None
        close = re.compile(rf"\s*{found.group(1)} *(?:\n+|$)")
        start = found.end()
        # The closing marker is looked for by its text first: trying the expression everywhere would be quadratic.
        at = text.find(found.group(1), start + 1)
        while at != -1:
            blank = at
            while blank > start + 1 and text[blank - 1].isspace():
                blank -= 1
            closed = close.match(text, blank)
            if closed:
                return text[start:blank], closed.end()
            at = text.find(found.group(1), at + 1)
        self._unclosed.add(found.group(1))
        return None

    def _heading(self, text: str, position: int, nodes: list[Node]) -> int | None:
        found = _HEADING.match(text, position)
        if not found:
            return None
        marks, rest = found.groups()
        if not rest:
            if len(marks) < 2:
                return None
            marks, rest = marks[:-1], marks[-1]
        title = rest.strip(" ").rstrip("#").rstrip(" ") or rest.strip(" ")[:1] or rest[:1]
        nodes.append(("heading", len(marks), title))
        return _after_newlines(text, found.end())

    def _underlined(self, text: str, position: int, nodes: list[Node]) -> int | None:
        found = _UNDERLINED.match(text, position)
        if not found:
            return None
        nodes.append(("heading", 1 if found.group(2) == "=" else 2, found.group(1)))
        return found.end()

    def _container(self, text: str, position: int, first: str, nodes: list[Node]) -> int | None:
        """Inset text, a list, or (in plain text) raw HTML."""
        if first == "^":
            found = _QUOTE.match(text, position)
            if found:
                nodes.append(("quote", self._quote(found.group())))
                return found.end()
        elif first and (first in "•*-" or first.isdigit()):
            return self._list(text, position, nodes)
        elif first == "<" and self.raw_html:
            return self._html(text, position, nodes)
        return None

    def _quote(self, text: str) -> list[Node]:
        if self._quote_depth >= MAX_DEPTH:
            return [("text", text)]
        self._quote_depth += 1
        try:
            return self.parse(_QUOTE_MARK.sub("", text))
        finally:
            self._quote_depth -= 1

    def _list(self, text: str, position: int, nodes: list[Node]) -> int | None:
        found = _LIST_START.match(text, position)
        if not found:
            return None
        stop = _list_end(text, found.end(), found.group(1))
        whole = text[position:stop]
        ordered = found.group(2)[-1] == "."
        if self._list_depth >= MAX_DEPTH:
            items: list[tuple[bool, list[Node]]] = [(False, [("text", whole)])]
        else:
            self._list_depth += 1
            try:
                items = self._list_items(whole)
            finally:
                self._list_depth -= 1
        nodes.append(("list", ordered, items))
        return stop

    def _list_items(self, text: str) -> list[tuple[bool, list[Node]]]:
        raw = [found[0] for found in _LIST_ITEM.findall(text)]
        items: list[tuple[bool, list[Node]]] = []
        gap_before = False
        for number, bulleted in enumerate(raw):
            indent = _match(_BULLET, bulleted).end()
            item = bulleted[indent:]
            if "\n " in item:
                item = re.sub(rf"^ {{1,{indent}}}", "", item, flags=re.MULTILINE)
            loose = gap_before or bool("\n\n" in item and _LOOSE.search(item))
            if number != len(raw) - 1 and item:
                gap_before = item[-1] == "\n"
                loose = loose or gap_before
            items.append((loose, self.parse(item, in_list=True)))
        return items

    def _html(self, text: str, position: int, nodes: list[Node]) -> int | None:
        start = text.index("<", position)
        pair = False
        if text.startswith("<!--", start):
            close = self._find(text, "-->", start + 4)
            end = close + 3 if close != -1 else -1
        else:
            found = _BLOCK_TAG_OPEN.match(text, start, start + LONGEST_TAG)
            if not found:
                return None
            end = found.end()
            closing = f"</{found.group(1)}>"
            close = -1 if found.group(2) else self._find(text, closing, end)
            if close != -1 and _BLANK_AFTER.match(text, close + len(closing)):
                pair, end = True, close + len(closing)
        after = _BLANK_AFTER.match(text, end) if end != -1 else None
        if not after:
            return None
        nodes.append(("html", text[start:end] if pair else text[position : after.end()]))
        return after.end()

    def _find(self, text: str, wanted: str, start: int) -> int:
        """``text.find``, which does not look again for what was not there before: that would be quadratic."""
        if wanted in self._unclosed:
            return -1
        at = text.find(wanted, start)
        if at == -1:
            self._unclosed.add(wanted)
        return at

    def _definition(self, text: str, position: int, nodes: list[Node]) -> int | None:
        found = _LINK_DEFINITION.match(text, position)
        if found:
            self.links[link_key(found.group(1))] = (found.group(2), found.group(3))
            return found.end()
        found = _FOOTNOTE.match(text, position)
        if not found:
            return None
        key = link_key(found.group(1))
        if key not in self.footnotes:
            self.footnotes[key] = 0
            nodes.append(("footnote", key, self.parse(_outdent(found.group(2)), in_footnote=True)))
        return found.end()

    def _paragraph(self, text: str, position: int, nodes: list[Node]) -> int:
        end = _line_end(text, position)
        while end + 1 < len(text) and text[end + 1] != "\n" and not self._interrupts(text, end + 1):
            end = _line_end(text, end + 1)
        nodes.append(("paragraph", text[position:end]))
        return _after_newlines(text, end)

    def _interrupts(self, text: str, position: int) -> bool:
        """Whether the line at ``position`` begins something other than a paragraph."""
        first = _match(_FIRST_CHARACTER, text, position).group(1)
        if not first:
            return False
        if first in "*+-_0123456789" or first.isdigit():
            if _STRICT_LIST.match(text, position) or _RULE.match(text, position):
                return True
        elif first == "#":
            if self._heading(text, position, []) is not None:
                return True
        elif first == ">":
            if _ANGLE_QUOTE.match(text, position):
                return True
        elif first == "[":
            if _LINK_DEFINITION.match(text, position) or _FOOTNOTE.match(text, position):
                return True
        elif first in "`~":
            if self._fence(text, position):
                return True
        elif first == "<" and self.raw_html and _BLOCK_TAG_START.match(text, position):
            return True
        return _UNDERLINED.match(text, position) is not None


def _match(pattern: re.Pattern[str], text: str, position: int = 0) -> re.Match[str]:
    """The match of a pattern that is known to match here."""
    found = pattern.match(text, position)
    assert found is not None
    return found


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end == -1 else end


def _after_newlines(text: str, position: int) -> int:
    found = _NEWLINES.match(text, position)
    return found.end() if found else position


def _list_end(text: str, position: int, indent: str) -> int:
    """Where the list ends whose first bullet and one more character end at ``position``."""
    end = len(text)
    while True:
        start = text.find("\n", position)
        if start == -1:
            return end
        stop = _match(_NEWLINES, text, start).end()
        after = stop
        if stop == end:
            return end
        ruled = _LIST_RULE.match(text, after)
        if not ruled and indent and text.startswith(indent, after):
            ruled = _LIST_RULE.match(text, after + len(indent))
        if ruled or _LINK_DEFINITION.match(text, after) or _FOOTNOTE.match(text, after):
            return stop
        if stop - start > 2:
            return stop
        if (
            stop - start == 2
            and text[after] != " "
            and not (text.startswith(indent, after) and _BULLET_AND_SPACE.match(text, after + len(indent)))
        ):
            return stop
        position = stop


def _skip_bare_table(text: str, position: int) -> int | None:
    """End of a table without outer bars, if one begins here."""
    end = _line_end(text, position)
    line = text[position:end].lstrip(" ")
    if "|" not in line[1:] or line[0].isspace():
        return None
    rule = _BARE_TABLE_RULE.match(text, end + 1)
    if not rule:
        return None
    position = rule.end()
    while position < len(text):
        end = _line_end(text, position)
        if "|" not in text[position:end]:
            break
        position = min(end + 1, len(text))
    return _after_newlines(text, position)


def _outdent(text: str) -> str:
    """A footnote's further lines without the indentation they share."""
    if "\n" not in text:
        return text
    first, *rest = text.split("\n")
    indents = [len(line) - len(line.lstrip()) for line in rest]
    least = min((indent for indent in indents if indent), default=None)
    return "\n".join([first, *(line[least:] for line in rest)])
