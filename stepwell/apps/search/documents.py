"""What rooms hand in to be found, and the words that the index keeps of it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from stepwell.apps.search.marks import SECTION, TAG, label, marks_of, title_marks_of
from stepwell.apps.search.models import SearchText
from stepwell.apps.search.stems import stem
from stepwell.domain.folding import folded

FORM = 2  # raised when the same document is to be kept differently: `stepwell index` renews all
MOST_WORDS = 30_000  # of one document: what lies beyond is not found


@dataclass(frozen=True, kw_only=True)
class Document:
    """One thing to be found. `family` and `key` name it; `tags` are ids; `body` is plain text."""

    family: str
    key: str
    title: str
    url: str
    summary: str = ""
    body: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    published_on: date | None = None
    heavy: bool = False

    @property
    def digest(self) -> str:
        """Return a fingerprint of everything the index keeps of it."""
        whole = json.dumps([FORM, asdict(self)], sort_keys=True, default=str)
        return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()


def text_of(document: Document, number: int) -> SearchText:
    """Return the words of a document as the index keeps them, not saved."""
    title = folded(document.title)
    head = folded(document.summary)
    for tag in document.tags:
        head += folded(tag)
    body = folded(document.body)[:MOST_WORDS]
    stems = tuple([stem(word) for word in words] for words in (title, head, body))
    labels = [label(TAG, tag) for tag in document.tags]
    if document.section:
        labels.append(label(SECTION, document.section))
    return SearchText(
        document_id=number,
        title_stems=in_order(stems[0]),
        head_stems=in_order(stems[1]),
        body_stems=in_order(stems[2]),
        words=" ".join(sorted({*title, *head, *body})),
        marks=marks_of(stems[0], stems[1], stems[2], labels),
        title_marks=title_marks_of([*title, *stems[0]]),
    )


def in_order(stems: list[str]) -> str:
    """Return stems with a blank before and after each, so that " a " is counted as a word."""
    return f" {' '.join(stems)} " if stems else ""
