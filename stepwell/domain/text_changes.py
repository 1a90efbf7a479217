"""What is different between two texts, passage by passage and word by word.

A text arrives as the JSON that its fingerprint is made of, so that whatever changes the
fingerprint is looked at here. The answer is data, never markup.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from html.parser import HTMLParser
from typing import Any, Literal

TOLD = ("Title", "Summary", "Author", "Content note", "Heavy topic", "Tags")
MOST_WORDS_OF_A_TYPING_ERROR = 6
_KEPT_AROUND = 12  # words of unchanged text shown on each side of a change
_FOLDED = "content_note"
_MARKUP = re.compile(r"</?[a-z]+[ >/]", re.I)
_NEVER_A_TYPING_ERROR = re.compile(r"\d|^(no|not|never|none|nor|without|n't|cannot)$|n['’]t$", re.I)
_NEW_PASSAGE = {"p", "li", "ul", "ol", "br", "h2", "h3", "h4", "blockquote"}

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True)
class Passage:
    """One paragraph, heading or detail. `folded` names the topic of a passage behind a note."""

    label: str
    text: str
    folded: str = ""


@dataclass(frozen=True)
class Change:
    """One passage that differs; `pieces` are runs of words that stayed, went or came."""

    label: str
    pieces: tuple[tuple[Kind, str], ...]
    folded: str = ""

    def words(self) -> list[str]:
        """Return the words that went or came."""
        return [word for kind, text in self.pieces if kind != "same" for word in text.split()]


def passages(written: str) -> list[Passage]:
    """Return the passages of a text; `written` is its canonical JSON: details, blocks, sources."""
    told, blocks, references = json.loads(written)
    found = [
        Passage(label, text)
        for label, value in zip(TOLD, told, strict=False)
        for text in _lines(value)
    ]
    found += [Passage("Detail", text) for value in told[len(TOLD) :] for text in _lines(value)]
    for kind, value in blocks:
        folded = str(value.get("topic", "")) if kind == _FOLDED else ""
        label = str(kind).replace("_", " ").capitalize()
        found += [Passage(label, text, folded) for text in _lines(value)]
    return found + [Passage("Reference", ". ".join(_lines(one))) for one in references]


def differences(before: str, after: str) -> list[Change]:
    """Return every passage in which two texts differ, in the order of the later one."""
    old, new = passages(before), passages(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found: list[Change] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            found += _changes(old[a:b], new[c:d])
    return found


def may_be_typing_errors(changes: Sequence[Change]) -> str:
    """Return why a difference is more than typing errors; empty where it may be.

    A figure or a small word such as "not" turns a sentence round, so no second look
    at a typing error is enough for it; nor for a difference that shows no word at all.
    """
    words = [word for change in changes for word in change.words()]
    if not words:
        return "No word differs, only the form or a picture."
    if len(words) > MOST_WORDS_OF_A_TYPING_ERROR:
        return f"More than {MOST_WORDS_OF_A_TYPING_ERROR} words went or came."
    for word in words:
        if _NEVER_A_TYPING_ERROR.search(word.strip(".,;:!?()[]\"'“”‘")):
            return f"“{word}” is a figure or a word that turns a sentence round."
    return ""


def _changes(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[Change]:
    """Yield the changes of one run of passages; those of one kind are set side by side."""
    left = list(old)
    for one in new:
        twin = next((at for at, other in enumerate(left) if other.label == one.label), None)
        before = left.pop(twin).text if twin is not None else ""
        yield Change(one.label, tuple(_pieces(before, one.text)), one.folded)
    for one in left:
        yield Change(one.label, (("gone", one.text),), one.folded)


def _pieces(before: str, after: str) -> Iterator[tuple[Kind, str]]:
    old, new = before.split(), after.split()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield "same", _shortened(old[a:b])
            continue
        if old[a:b]:
            yield "gone", " ".join(old[a:b])
        if new[c:d]:
            yield "new", " ".join(new[c:d])


def _shortened(words: Sequence[str]) -> str:
    if len(words) <= 2 * _KEPT_AROUND:
        return " ".join(words)
    return " ".join([*words[:_KEPT_AROUND], "…", *words[-_KEPT_AROUND:]])


def _lines(value: Any) -> Iterator[str]:
    """Yield every text inside a JSON value, one passage each."""
    if isinstance(value, str):
        yield from _paragraphs(value)
    elif isinstance(value, dict):
        for key in sorted(value.keys() - {"type"}):  # of list items: always the same word
            yield from _lines(value[key])
    elif isinstance(value, list):
        for inner in value:
            yield from _lines(inner)
    elif isinstance(value, bool):
        yield "yes" if value else "no"
    elif value is not None:
        yield str(value)


def _paragraphs(text: str) -> Iterator[str]:
    if not _MARKUP.search(text):
        text = escape(text, quote=False)
    reader = _Paragraphs()
    reader.feed(text)
    reader.close()
    for one in reader.found:
        plain = " ".join(one.split())
        if plain:
            yield plain


class _Paragraphs(HTMLParser):
    """Plain paragraphs of rich text; where a link leads stands behind its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = [""]
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NEW_PASSAGE:
            self.found.append("")
        if tag == "a":
            told = dict(attrs)
            self.targets.append(told.get("href") or f"page {told.get('id') or '?'}")

    def handle_endtag(self, tag: str) -> None:
        if tag in _NEW_PASSAGE:
            self.found.append("")
        if tag == "a" and self.targets:
            self.found[-1] += f" ({self.targets.pop()})"

    def handle_data(self, data: str) -> None:
        self.found[-1] += data
