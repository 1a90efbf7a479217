"""The rest of the walk: quotations, tables, pictures, folded passages, players and frames."""

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from stepwell.apps.magazine.blocks.rich_text import clean
from stepwell.importers.wxr.links import is_pixel
from stepwell.importers.wxr.shaped import (
    LONGEST_CAPTION,
    Folded,
    Part,
    Picture,
    Quote,
    RichPart,
    Shaped,
    cut,
    text_of,
)
from stepwell.importers.wxr.walk import Frame, TextWalk

INTRODUCTION = "Introduction"
_IMAGE_ID = re.compile(r"\bwp-image-(\d{1,12})\b")
_LONGEST_SPEAKER = 120
MOVED = "pictures moved to the end of their part"


class Walk(TextWalk):
    """The whole walk."""

    def _open(self, kind: str) -> None:
        self._leave_list()
        self._end_line()
        self.frames.append(Frame(kind))

    def _leave_list(self) -> None:
        while self.lists:
            self._end_list()

    def _close(self, kind: str) -> Frame | None:
        """Return the frame that ends here; what was left open inside it ends with it."""
        if all(frame.kind != kind for frame in self.frames):
            return None
        while self.frames[-1].kind != kind:
            getattr(self, f"_end_{self.frames[-1].kind}")()
        self._leave_list()
        self._end_line()
        return self.frames.pop()

    def _put(self, *paragraphs: str) -> None:
        if self.frames:
            self.frames[-1].paragraphs += paragraphs
            return
        self.parts[-1].text += [
            one if one.startswith(("<ul", "<ol")) else f"<p>{one}</p>" for one in paragraphs
        ]

    def _below(self, shaped: Shaped) -> None:
        self.parts[-1].below.append(shaped)

    # -- quotations -----------------------------------------------------------

    def _begin_blockquote(self, said: dict[str, str]) -> None:
        self._open("blockquote")

    def _begin_cite(self, said: dict[str, str]) -> None:
        if self.frames and self.frames[-1].kind == "blockquote":
            self._end_line()
            self.frames[-1].citing = True

    def _end_cite(self) -> None:
        if self.frames and self.frames[-1].citing:
            self.frames[-1].citing = False
            self.frames[-1].title = text_of(self._taken())

    def _end_blockquote(self) -> None:
        frame = self._close("blockquote")
        if frame is None or not frame.paragraphs:
            return
        words = "\n".join(text_of(one) for one in frame.paragraphs)
        if self._can_quote(frame):
            self._below(Quote(words, frame.title))
            return
        *most, last = frame.paragraphs
        ending = f" ({html.escape(frame.title, quote=False)})" if frame.title else ""
        quoted = [*most, f"{last}{ending}"]
        self._put(*quoted)
        self.notes.changed["quotations without a speaker kept as text"] += 1

    def _can_quote(self, frame: Frame) -> bool:
        """Say whether a block can be made: it needs a speaker, and stands after its part's text."""
        return bool(frame.title) and len(frame.title) <= _LONGEST_SPEAKER and not self.frames

    # -- tables ---------------------------------------------------------------

    def _begin_table(self, said: dict[str, str]) -> None:
        self._open("table")

    def _begin_tr(self, said: dict[str, str]) -> None:
        if self.frames and self.frames[-1].kind == "table":
            self._end_line()
            self.frames[-1].rows.append([])

    def _end_cell(self) -> None:
        if not self.frames or self.frames[-1].kind != "table":
            return
        self._leave_list()
        self._end_line()
        frame = self.frames[-1]
        cell = " ".join(text_of(one) for one in frame.paragraphs)
        links = [one for one in frame.paragraphs if "<a " in one]
        frame.paragraphs = []
        if not frame.rows:
            frame.rows.append([])
        frame.rows[-1].append(links[0] if len(links) == 1 else html.escape(cell, quote=False))

    _end_td = _end_th = _end_cell

    def _end_table(self) -> None:
        frame = self._close("table")
        if frame is None:
            return
        lines = [" · ".join(filter(None, row)) for row in frame.rows]
        items = "".join(f"<li>{line}</li>" for line in lines if text_of(line))
        self._put(*frame.paragraphs)
        if items:
            self._put(f"<ul>{items}</ul>")
            self.notes.changed["tables turned into lists"] += 1

    # -- pictures -------------------------------------------------------------

    def _begin_figure(self, said: dict[str, str]) -> None:
        self._open("figure")

    def _begin_figcaption(self, said: dict[str, str]) -> None:
        self._end_line()

    def _end_figcaption(self) -> None:
        if self.frames and self.frames[-1].kind == "figure":
            self.frames[-1].title = text_of(self._taken())
        else:
            self._end_line()

    def _begin_img(self, said: dict[str, str]) -> None:
        src = said.get("src", "")
        if is_pixel(src, said.get("width", ""), said.get("height", "")):
            self.notes.removed[f"tracking picture: {host_of(src)}"] += 1
            return
        found = _IMAGE_ID.search(said.get("class", ""))
        if not src and not found:
            return
        picture = Picture(found[1] if found else "", src, said.get("alt", "").strip(), "")
        figure = next((one for one in reversed(self.frames) if one.kind == "figure"), None)
        if figure is not None:
            figure.pictures.append(picture)
        else:
            self._below(picture)

    def _end_figure(self) -> None:
        frame = self._close("figure")
        if frame is None:
            return
        self._put(*frame.paragraphs)
        caption = cut(frame.title, LONGEST_CAPTION)
        outer = next((one for one in reversed(self.frames) if one.kind == "figure"), None)
        for picture in frame.pictures:
            whole = Picture(picture.post_id, picture.src, picture.alt, caption or picture.caption)
            if outer is not None:
                outer.pictures.append(whole)
            else:
                self._below(whole)
        if frame.title and not frame.pictures:
            self._put(html.escape(frame.title, quote=False))

    # -- folded passages ------------------------------------------------------

    def _begin_details(self, said: dict[str, str]) -> None:
        self._open("details")

    def _begin_summary(self, said: dict[str, str]) -> None:
        self._end_line()

    def _end_summary(self) -> None:
        if self.frames and self.frames[-1].kind == "details":
            self.frames[-1].title = text_of(self._taken())
        else:
            self._end_line()

    def _end_details(self) -> None:
        frame = self._close("details")
        if frame is None:
            return
        topic = frame.title or "Details"
        text = clean("".join(as_paragraphs(frame.paragraphs)))
        if not text_of(text):
            return
        if self.frames:
            self._put(f"<strong>{html.escape(topic, quote=False)}</strong>", *frame.paragraphs)
            return
        self._below(Folded(cut(topic, 120), text))
        self.parts.append(Part(self.parts[-1].heading, goes_on=True))

    # -- what is played or framed ---------------------------------------------

    def _begin_iframe(self, said: dict[str, str]) -> None:
        self._played("frame", said)

    def _begin_video(self, said: dict[str, str]) -> None:
        self._played("video", said)

    def _begin_audio(self, said: dict[str, str]) -> None:
        self._played("audio", said)

    def _begin_source(self, said: dict[str, str]) -> None:
        self._played("source", said)

    def _played(self, what: str, said: dict[str, str]) -> None:
        src = said.get("src", "")
        if not src:
            return
        self.notes.removed[f"{what}, a link kept: {host_of(src)}"] += 1
        address = self.links.rewrite(src, self.notes)
        if address:
            shown = html.escape(address)
            self._end_line()
            self._put(f'<a href="{shown}">{shown}</a>')

    # -- the end --------------------------------------------------------------

    def finished(self) -> list[Shaped]:
        """Return everything in order, clean; a part without words keeps what stands below it."""
        while self.frames:
            getattr(self, f"_end_{self.frames[-1].kind}")()
        self.heading = 0
        self._leave_list()
        self._end_line()
        return list(self._in_order())

    def _in_order(self) -> Iterator[Shaped]:
        parts = [part for part in self.parts if part.text or part.below or part.heading]
        for at, part in enumerate(parts):
            text = clean("".join(part.text))
            if text_of(text):
                yield RichPart(self._heading_of(part), text)
            elif part.heading and not part.goes_on:
                following = parts[at + 1] if at + 1 < len(parts) else None
                self.notes.changed["headings without text below them"] += 1
                if following is not None or part.below:
                    yield RichPart(part.heading, "")
            if sum(isinstance(one, Picture) for one in part.below) and len(part.text) > 1:
                self.notes.changed[MOVED] += 1
            yield from part.below

    def _heading_of(self, part: Part) -> str:
        if part.goes_on and part.heading:
            return cut(f"{part.heading} (continued)", 120)
        if not part.heading:
            self.notes.changed["a heading added to text without one"] += 1
        return part.heading or INTRODUCTION


def as_paragraphs(pieces: list[str]) -> Iterator[str]:
    """Yield each piece as a paragraph, lists as they are."""
    for one in pieces:
        yield one if one.startswith(("<ul", "<ol")) else f"<p>{one}</p>"


def host_of(address: str) -> str:
    """Return the host of an address, or "no address"."""
    try:
        return urlsplit(address).hostname or "this site"
    except ValueError:
        return "no address"
