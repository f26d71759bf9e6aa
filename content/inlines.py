"""Markdown, second half: links, escapes and line breaks inside a block, and putting it all out through a renderer.

There is no emphasis and no code in this dialect: asterisks, underscores and backticks are literal.
"""

from __future__ import annotations

import re
from typing import Final

from content.blocks import LONGEST_TAG, TAG_ATTRIBUTES, TAG_END, BlockParser, Node, link_key, prepare

_ESCAPE: Final = re.compile(r"\\([\\`*{}\[\]()#+\-.!_>~|])")
_URL: Final = re.compile(r"https?://[^\s<]+[^<.,:\"')\]\s]")
_ANGLE_LINK: Final = re.compile(r"<([^ >]{1,500}(@|:)[^ >]{1,2000})>")
_TAG_OPEN: Final = re.compile(rf"<(\w+{TAG_END}){TAG_ATTRIBUTES}\s*(/?)>")
_FOOTNOTE: Final = re.compile(r"\[\^([^\]]+)\]")
# Repetitions are bounded so that a text of a million brackets cannot keep a worker busy.
_LABEL: Final = r"!?\[((?:\[[^^\]]{0,500}\]|[^\[\]]|\](?=[^\[\]]{0,500}\])){0,500})\]"
_LINK: Final = re.compile(_LABEL + r"\(\s{0,20}(<)?([\s\S]{0,2000}?)(?(2)>)(?:\s{1,20}['\"]([\s\S]{0,1000}?)['\"])?\s{0,20}\)")
_REFERENCE: Final = re.compile(_LABEL + r"\s{0,20}\[([^^\]]{0,500})\]")
_SHORT_REFERENCE: Final = re.compile(r"!?\[((?:\[[^\]]{0,500}\]|[^\[\]]){0,500})\]")
_BREAK: Final = re.compile(r" *\n(?!\s*$)")
_SPECIAL: Final = re.compile(r"[\\<!\[]|https?://|(?<! ) *\n")
_SPECIAL_ESCAPED: Final = re.compile(r"[\\!\[]|https?://|(?<! ) *\n")


class Renderer:
    """How blocks and inlines look in one kind of output. What is answered here is plain text.

    ``raw_html`` says whether the source may have ``<tags>`` in it, which are passed through as they are.
    """

    raw_html = False

    def text(self, text: str) -> str:
        return text

    def line_break(self) -> str:
        return "\n"

    def url(self, url: str) -> str:
        return url

    def link(self, address: str, title: str | None, content: str) -> str:
        raise NotImplementedError

    def special_paragraph(self, source: str) -> str | None:
        """Output for a paragraph that is no prose, from its source; None for all others."""
        return None

    def paragraph(self, content: str) -> str:
        raise NotImplementedError

    def heading(self, content: str, level: int) -> str:
        raise NotImplementedError

    def rule(self) -> str:
        raise NotImplementedError

    def quote(self, content: str) -> str:
        return content

    def list(self, items: list[str], ordered: bool) -> str:
        raise NotImplementedError

    def code(self, text: str) -> str:
        return text


def render(text: str, renderer: Renderer) -> str:
    """Read Markdown and write it out through the renderer."""
    parser = BlockParser(raw_html=renderer.raw_html)
    nodes = parser.parse(prepare(text))
    return Writer(renderer, parser).document(nodes)


class Writer:
    """Puts parsed blocks out through a renderer."""

    def __init__(self, renderer: Renderer, parser: BlockParser) -> None:
        self.renderer = renderer
        self.links = parser.links
        self.footnotes = parser.footnotes
        self.notes: dict[str, str] = {}
        self.notes_used = 0
        self.in_link = False
        self.in_footnote = False
        self.not_found: set[tuple[str, str]] = set()
        self.special = _SPECIAL if renderer.raw_html else _SPECIAL_ESCAPED

    def document(self, nodes: list[Node]) -> str:
        done = self.blocks(nodes)
        if self.notes:
            used = [key for key in self.notes if self.footnotes[key]]
            done += "".join(self.notes[key] for key in sorted(used, key=self.footnotes.__getitem__))
        return done

    def blocks(self, nodes: list[Node], *, bare_text: bool = False) -> str:
        """The blocks one after the other; ``bare_text`` for items of a tight list, whose text is no paragraph."""
        done: list[str] = []
        renderer = self.renderer
        index, count = 0, len(nodes)
        while index < count:
            node = nodes[index]
            index += 1
            kind = node[0]
            if kind == "paragraph":
                special = renderer.special_paragraph(node[1])
                done.append(renderer.paragraph(self.inline(node[1])) if special is None else special)
            elif kind == "heading":
                done.append(renderer.heading(self.inline(node[2]), node[1]))
            elif kind == "text":
                lines = [node[1]]
                while index < count and nodes[index][0] == "text":
                    lines.append(nodes[index][1])
                    index += 1
                content = self.inline("\n".join(lines))
                done.append(content if bare_text else renderer.paragraph(content))
            elif kind == "list":
                done.append(renderer.list([self.item(*item) for item in node[2]], node[1]))
            elif kind == "rule":
                done.append(renderer.rule())
            elif kind == "newline":
                done.append(renderer.line_break())
            elif kind == "quote":
                done.append(renderer.quote(self.blocks(node[1])))
            elif kind == "code":
                done.append(renderer.code(node[1]))
            elif kind == "html":
                done.append(node[1])
            elif kind == "footnote":
                self.in_footnote = True
                self.notes[node[1]] = self.blocks(node[2])
                self.in_footnote = False
        return "".join(done)

    def item(self, loose: bool, nodes: list[Node]) -> str:
        return self.blocks(nodes, bare_text=not loose).strip()

    def inline(self, text: str) -> str:
        text = text.rstrip("\n")
        renderer, search = self.renderer, self.special.search
        found = search(text)
        if found is None:
            return renderer.text(text) if text else ""
        done: list[str] = []
        position, end = 0, len(text)
        start = 0  # where the text not yet written begins
        while found is not None:
            at = found.start()
            special = self._special(text, at)
            if special is None:
                # Not special after all: its first character is text, and so is what follows.
                found = search(text, at + 1)
                continue
            if at > start:
                done.append(renderer.text(text[start:at]))
            position = special[1]
            done.append(special[0])
            start = position
            found = search(text, position)
        if start < end:
            done.append(renderer.text(text[start:]))
        return "".join(done)

    def _special(self, text: str, at: int) -> tuple[str, int] | None:
        """What stands at ``at`` if it is anything but text: its output and its end."""
        character = text[at]
        renderer = self.renderer
        if character in " \n":
            found = _BREAK.match(text, at)
            return (renderer.line_break(), found.end()) if found else None
        if character == "\\":
            found = _ESCAPE.match(text, at)
            return (renderer.text(found.group(1)), found.end()) if found else None
        if character == "h":
            found = _URL.match(text, at)
            if not found:
                return None
            url = found.group()
            return (renderer.text(url) if self.in_link else renderer.url(url)), found.end()
        if character == "<":
            return self._angle(text, at)
        if character == "!" and not text.startswith("[", at + 1):
            return None
        return self._bracket(text, at)

    def _angle(self, text: str, at: int) -> tuple[str, int] | None:
        if self._find(text, ">", at) == -1:
            return None
        if text.startswith("<!--", at):
            close = self._find(text, "-->", at + 4)
            if close != -1:
                return text[at : close + 3], close + 3
        found = _TAG_OPEN.match(text, at, at + LONGEST_TAG)
        if found:
            closing = f"</{found.group(1)}>"
            close = -1 if found.group(2) else self._find(text, closing, found.end())
            end = close + len(closing) if close != -1 else found.end()
            return text[at:end], end
        found = _ANGLE_LINK.match(text, at)
        return (self.renderer.url(found.group(1)), found.end()) if found else None

    def _find(self, text: str, wanted: str, start: int) -> int:
        """``text.find``, which does not look again for what was not there before: that would be quadratic."""
        if (text, wanted) in self.not_found:
            return -1
        at = text.find(wanted, start)
        if at == -1:
            self.not_found.add((text, wanted))
        return at

    def _bracket(self, text: str, at: int) -> tuple[str, int] | None:
        if self._find(text, "]", at) == -1:
            return None
        if not self.in_footnote and self.footnotes:
            found = _FOOTNOTE.match(text, at)
            if found:
                key = link_key(found.group(1))
                if self.footnotes.get(key) == 0:
                    self.notes_used += 1
                    self.footnotes[key] = self.notes_used
                    return "", found.end()
        may_be_link = self._find(text, "](", at) != -1 and self._find(text, ")", at) != -1
        found = _LINK.match(text, at) if may_be_link else None
        if found:
            return self._link(found, found.group(3), found.group(4)), found.end()
        if not self.links:
            return None
        found = _REFERENCE.match(text, at)
        if found:
            target = self.links.get(link_key(found.group(2) or found.group(1)))
            if target:
                return self._link(found, *target), found.end()
        found = _SHORT_REFERENCE.match(text, at)
        target = self.links.get(link_key(found.group(1))) if found else None
        return (self._link(found, *target), found.end()) if found and target else None

    def _link(self, found: re.Match[str], address: str, title: str | None) -> str:
        if found.group().startswith("!"):
            return ""
        self.in_link = True
        content = self.inline(found.group(1))
        self.in_link = False
        return self.renderer.link(address, title, content)
