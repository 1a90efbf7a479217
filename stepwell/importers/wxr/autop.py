"""Turns classic content, where blank lines part paragraphs, into HTML.

WordPress does this each time a page is shown, so old posts hold no <p> at all.
Text at block level becomes paragraphs, single line ends become <br>; nothing is
touched inside <pre>, tables, figures and other closed boxes. One pass, linear.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"(</?[a-zA-Z][^<>]*>)")
_NAME = re.compile(r"</?([a-zA-Z][\w-]*)")
_BLANK_LINE = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_AROUND_BREAK = re.compile(r"[ \t]*(<br\b[^<>]*>)?[ \t]*\n[ \t]*")
OPAQUE = frozenset({
    "pre", "table", "script", "style", "textarea", "svg", "math", "select", "figure", "object",
    "video", "audio", "iframe",
})  # fmt: skip
# Boxes whose own text is already one paragraph, or the label of something.
CLOSED = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "td", "th", "caption", "summary",
    "figcaption", "legend", "option",
})  # fmt: skip
OPEN = frozenset({
    "div", "blockquote", "section", "article", "aside", "header", "footer", "main", "nav",
    "form", "fieldset", "address", "details", "center", "ul", "ol", "dl", "hr", "menu",
})  # fmt: skip
_BLOCK = OPAQUE | CLOSED | OPEN


def autop(text: str) -> str:
    """Return `text` with paragraphs and line breaks as tags."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_Walk().run(text))


class _Walk:
    def __init__(self) -> None:
        self.run_of_text: list[str] = []
        self.opaque: tuple[str, int] = ("", 0)  # the box we are in, and how often it is open
        self.closed = 0

    def run(self, text: str) -> Iterator[str]:
        for token in _TOKEN.split(text):
            found = _NAME.match(token) if token.startswith("<") else None
            name = found[1].lower() if found else ""
            if self.opaque[1]:
                yield token
                self._in_opaque(name, token)
            elif name in _BLOCK:
                yield from self._flush()
                yield token
                self._enter(name, token)
            else:
                self.run_of_text.append(token)
        yield from self._flush()

    def _in_opaque(self, name: str, token: str) -> None:
        box, depth = self.opaque
        if name == box:
            self.opaque = (box, depth - 1 if token.startswith("</") else depth + 1)

    def _enter(self, name: str, token: str) -> None:
        ends = token.startswith("</")
        if name in OPAQUE and not ends and not token.endswith("/>"):
            self.opaque = (name, 1)
        elif name in CLOSED:
            self.closed = max(0, self.closed - 1) if ends else self.closed + 1
        elif name == "blockquote":
            self.closed = 0  # a paragraph that was never closed ends here

    def _flush(self) -> Iterator[str]:
        text, self.run_of_text = "".join(self.run_of_text), []
        if not text.strip():
            return
        for paragraph in _BLANK_LINE.split(text.strip()):
            if not paragraph.strip():
                continue
            broken = _AROUND_BREAK.sub("<br>", paragraph.strip())
            yield broken if self.closed else f"<p>{broken}</p>"
