"""Builders of the search tests: documents by what they say."""

from datetime import date
from itertools import count
from typing import Any

from stepwell.apps.search import actions, queries
from stepwell.apps.search.documents import Document

_numbers = count(1)


def make_document(title: str = "A title", **fields: Any) -> Document:
    """Return a document, not stored."""
    number = next(_numbers)
    given = {"family": "article", "key": str(number), "url": f"/news/{number}/", **fields}
    return Document(title=title, **given)


def put(title: str = "A title", **fields: Any) -> Document:
    """Store a document and return it."""
    document = make_document(title, **fields)
    actions.put([document])
    return document


def titles(text: str, **asked: Any) -> list[str]:
    """Return the titles that answer a text, best first."""
    found = queries.find(text, **asked)
    return [hit.title for hit in queries.hits([one.number for one in found.ranked])]


def day(number: int) -> date:
    """Return a day; a higher number is a later one."""
    return date.fromordinal(date(2026, 1, 1).toordinal() + number)
