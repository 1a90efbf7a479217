"""Marks: what the full-text index of either database holds of a document.

A mark is a stem with, in front of it, where it stands: `t_worri` in the title,
`h_worri` in title, summary or tags, `worri` anywhere; and `s_news`, `g_adhd` for
section and tag. A question is then nothing but marks joined by AND and OR, and
neither database ever parses a person's words. Marks are plain ASCII: letters of
other scripts are written in hexadecimal, which keeps the beginnings of words.
"""

from collections.abc import Iterable

TITLE, HEAD, ANYWHERE = "t_", "h_", ""
SECTION, TAG = "s_", "g_"


def mark(word: str, where: str = ANYWHERE) -> str:
    """Return the mark of a folded word."""
    plain = word if word.isascii() else f"x_{word.encode().hex()}"
    return f"{where}{plain}"


def label(kind: str, value: str) -> str:
    """Return the mark of a section or tag."""
    return f"{kind}{value.replace('-', '_')}"


def marks_of(
    title: Iterable[str], head: Iterable[str], body: Iterable[str], labels: Iterable[str]
) -> str:
    """Return every mark of a document once, given its stems by where they stand."""
    in_title, in_head = set(title), set(head)
    found = {mark(stem, TITLE) for stem in in_title}
    found |= {mark(stem, HEAD) for stem in in_title | in_head}
    found |= {mark(stem) for stem in in_title.union(in_head, body)}
    return " ".join(sorted(found.union(labels)))


def title_marks_of(words: Iterable[str]) -> str:
    """Return the words of a title once each, unstemmed, for the drop-down."""
    return " ".join(sorted({mark(word) for word in words}))
