"""What a text is shaped into: the blocks of an article before they are ours."""

import html
import re
from dataclasses import dataclass, field

LONGEST_HEADING = 120
LONGEST_CAPTION = 240
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the text shows: by the id of its attachment, its address, or both."""

    post_id: str
    src: str
    alt: str
    caption: str


@dataclass(slots=True)
class Part:
    """A heading and its rich text, with what stands below it."""

    heading: str
    text: list[str] = field(default_factory=list)
    below: "list[Shaped]" = field(default_factory=list)
    goes_on: bool = False  # after a folded passage


@dataclass(frozen=True, slots=True)
class Quote:
    """Words with their speaker."""

    words: str
    speaker: str


@dataclass(frozen=True, slots=True)
class Folded:
    """A passage behind a topic."""

    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class RichPart:
    """A part that is finished: its text is clean."""

    heading: str
    text: str


Shaped = RichPart | Picture | Quote | Folded


def text_of(piece: str) -> str:
    """Return the words of a piece of HTML, in one line."""
    return _SPACES.sub(" ", html.unescape(_TAG.sub(" ", piece))).strip()


def cut(words: str, longest: int) -> str:
    """Return the words, cut at a blank where they are longer."""
    if len(words) <= longest:
        return words
    return words[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
