"""A strict reader of the HTML the engine writes: every tag known, closed in order, no attribute we did not mean."""

from html.parser import HTMLParser

VOID = {"br", "hr", "img", "meta"}
TAGS = {"p", "h2", "h3", "hr", "br", "ul", "ol", "li", "blockquote", "a", "mark", "strong", "div", "svg", "path"}
ATTRIBUTES = {
    "a": {"href", "title", "style"},
    "mark": {"class"},
    "div": {"class"},
    "svg": {"role", "aria-label", "viewbox", "width", "height"},
    "path": {"d", "stroke", "transform", "class", "fill"},
}
SCHEMES = ("http:", "https:", "ftp:", "file:", "mailto:", "tel:", "/unsubscribe/example")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.problems: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.problems.append(f"unexpected <{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, {"style"}):
                self.problems.append(f"unexpected {name} on <{tag}>")
            if name == "href":
                self.links.append(value)
                if not value.startswith(SCHEMES):
                    self.problems.append(f"link to {value}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.words.append(data)

    def handle_comment(self, data):
        self.problems.append("a comment")

    def handle_decl(self, decl):
        self.problems.append("a declaration")

    def unknown_decl(self, data):
        self.problems.append("a declaration")

    def handle_pi(self, data):
        self.problems.append("a processing instruction")


def read(html: str) -> _Reader:
    """Read HTML; look at ``problems``, ``links`` and ``words``."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.problems += [f"<{tag}> is not closed" for tag in reader.open]
    return reader
