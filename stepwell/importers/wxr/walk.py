"""Walks clean HTML and gathers paragraphs, headings and lists into parts."""

import html
import re
from html.parser import HTMLParser

from stepwell.importers.wxr.links import LinkRule
from stepwell.importers.wxr.notes import Notes
from stepwell.importers.wxr.shaped import LONGEST_HEADING, Part, Picture, cut, text_of

BREAKS = frozenset({
    "div", "section", "article", "aside", "header", "footer", "main", "dl", "dt", "dd", "address",
    "center", "p", "hr",
})  # fmt: skip
_SPACES = re.compile(r"\s+")


class Frame:
    """Something that is being collected: a quotation, a table, a figure, a folded passage."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.paragraphs: list[str] = []
        self.rows: list[list[str]] = []
        self.pictures: list[Picture] = []
        self.title = ""
        self.citing = False


class TextWalk(HTMLParser):
    """One walk over clean HTML. Text gathers in `line` until a block ends."""

    def __init__(self, notes: Notes, links: LinkRule, *, top: int) -> None:
        super().__init__(convert_charrefs=True)
        self.notes, self.links, self.top = notes, links, top
        self.parts: list[Part] = [Part("")]
        self.line: list[str] = []
        self.inline: list[str] = []
        self.lists: list[str] = []
        self.list_html: list[str] = []
        self.frames: list[Frame] = []
        self.heading = 0
        self.pre = 0

    # -- what the parser calls ------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if (begin := getattr(self, f"_begin_{tag}", None)) is not None:
            begin(said)
        elif tag in {"strong", "em", "b", "i"}:
            self.line.append(f"<{tag}>")
            self.inline.append(tag)
        elif tag in BREAKS:
            self._end_line()
        elif tag[0] == "h" and tag[1:].isdigit():
            self._end_line()
            self.heading = int(tag[1:])

    def handle_endtag(self, tag: str) -> None:
        if (end := getattr(self, f"_end_{tag}", None)) is not None:
            end()
        elif tag in self.inline:
            self._close_inline(tag)
        elif tag in BREAKS:
            self._end_line()
        elif tag[0] == "h" and tag[1:].isdigit():
            self._end_heading(int(tag[1:]))

    def handle_data(self, data: str) -> None:
        if self.pre:
            self.line.append(html.escape(data, quote=False).replace("\n", "<br>"))
        elif data.strip() or self.line:
            self.line.append(html.escape(_SPACES.sub(" ", data), quote=False))

    # -- text -----------------------------------------------------------------

    def _begin_br(self, said: dict[str, str]) -> None:
        if self.line:
            self.line.append("<br>")

    def _begin_a(self, said: dict[str, str]) -> None:
        address = self.links.rewrite(said.get("href", ""), self.notes)
        if "a" in self.inline:
            self._close_inline("a")
        if address:
            self.line.append(f'<a href="{html.escape(address)}">')
            self.inline.append("a")

    def _close_inline(self, tag: str) -> None:
        again: list[str] = []
        while self.inline:
            last = self.inline.pop()
            self.line.append(f"</{last}>")
            if last == tag:
                break
            if last != "a":
                again.append(last)
        for name in reversed(again):
            self.line.append(f"<{name}>")
            self.inline.append(name)

    def _begin_sup(self, said: dict[str, str]) -> None:
        self.line.append("(")

    def _end_sup(self) -> None:
        self.line.append(")")

    def _begin_pre(self, said: dict[str, str]) -> None:
        self._end_line()
        self.pre += 1

    def _end_pre(self) -> None:
        self._end_line()
        self.pre = max(0, self.pre - 1)

    def _taken(self) -> str:
        """Return the line so far, with its tags closed, and begin another."""
        for name in reversed(self.inline):
            self.line.append(f"</{name}>")
        self.inline = []
        whole, self.line = "".join(self.line).strip(), []
        while whole.endswith("<br>"):
            whole = whole[:-4].rstrip()
        return whole if text_of(whole) else ""

    def _end_line(self) -> None:
        if self.heading:
            self.line.append(" ")
            return
        if self.lists:
            if self.list_html and self.line:
                self.list_html.append(self._taken() + " ")
            return
        whole = self._taken()
        if not whole:
            return
        if self.frames:
            self.frames[-1].paragraphs.append(whole)
        else:
            self.parts[-1].text.append(f"<p>{whole}</p>")

    def _end_heading(self, level: int) -> None:
        self.heading = 0
        whole = self._taken()
        words = text_of(whole)
        if not words:
            return
        if self.frames or self.lists or level > self.top:
            strong = f"<strong>{html.escape(words, quote=False)}</strong>"
            if self.lists:
                self.list_html.append(strong)
            elif self.frames:
                self.frames[-1].paragraphs.append(strong)
            else:
                self.parts[-1].text.append(f"<p>{strong}</p>")
            return
        self.parts.append(Part(cut(words, LONGEST_HEADING)))
        if len(words) > LONGEST_HEADING:
            self.notes.changed["headings over 120 characters kept as text too"] += 1
            self.parts[-1].text.append(f"<p>{html.escape(words, quote=False)}</p>")

    # -- lists ----------------------------------------------------------------

    def _begin_list(self, tag: str) -> None:
        if self.heading:
            return
        if not self.lists:
            self._end_line()
        else:
            self.list_html.append(self._taken())
        self.lists.append(tag)
        self.list_html.append(f"<{tag}>")

    def _begin_ul(self, said: dict[str, str]) -> None:
        self._begin_list("ul")

    def _begin_ol(self, said: dict[str, str]) -> None:
        self._begin_list("ol")

    def _begin_li(self, said: dict[str, str]) -> None:
        if not self.lists:
            self._end_line()
            return
        self.list_html.append(f"{self._taken()}<li>")

    def _end_li(self) -> None:
        if self.lists:
            self.list_html.append(f"{self._taken()}</li>")
        else:
            self._end_line()

    def _end_list(self) -> None:
        if not self.lists:
            return
        self.list_html.append(f"{self._taken()}</{self.lists.pop()}>")
        if self.lists:
            return
        whole, self.list_html = "".join(self.list_html), []
        if not text_of(whole):
            return
        if self.frames:
            self.frames[-1].paragraphs.append(whole)
        else:
            self.parts[-1].text.append(whole)

    _end_ul = _end_ol = _end_list
