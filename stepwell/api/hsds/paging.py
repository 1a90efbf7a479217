"""A page of HSDS, or everything as lines of JSON."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from stepwell.api.hsds.names import Json
from stepwell.api.hsds.shelf import Asked
from stepwell.apps.directory import published

Write = Callable[[Iterable[Any], Asked], Iterator[Json]]


def page_of(total: int, contents: list[Json], asked: Asked) -> Json:
    """Return a page with its contents."""
    pages = -(-total // asked.wanted.per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": asked.wanted.page,
        "size": len(contents),
        "first_page": asked.wanted.page == 1,
        "last_page": asked.wanted.page >= pages,
        "empty": not contents,
        "contents": contents,
    }


def span(asked: Asked) -> slice:
    """Return which rows stand on the page."""
    start = (asked.wanted.page - 1) * asked.wanted.per_page
    return slice(start, start + asked.wanted.per_page)


def answer_rows(rows: Any, write: Write, asked: Asked) -> HttpResponse | StreamingHttpResponse:
    """Return a page of rows, or all of them as lines."""
    if asked.wanted.lines:
        return lines(in_batches(rows, write, asked))
    return as_json(page_of(rows.count(), list(write(rows[span(asked)], asked)), asked))


def answer_list(found: list[Json], asked: Asked) -> HttpResponse | StreamingHttpResponse:
    """Return a page of what is in memory, or all of it as lines."""
    if asked.wanted.lines:
        return lines(iter(found))
    return as_json(page_of(len(found), found[span(asked)], asked))


def in_batches(rows: Any, write: Write, asked: Asked) -> Iterator[Json]:
    """Yield every row, written, holding no more than a batch at once."""
    every = published.one_after_another(rows)
    while batch := list(islice(every, published.BATCH)):
        yield from write(batch, asked)


def lines(found: Iterator[Json]) -> StreamingHttpResponse:
    """Return lines of JSON."""
    said = (json.dumps(one, ensure_ascii=False) + "\n" for one in found)
    return StreamingHttpResponse(said, content_type="application/x-ndjson; charset=utf-8")


def as_json(value: Json, status: int = 200, kind: str = "application/json") -> HttpResponse:
    """Return a value as JSON."""
    body = json.dumps(value, ensure_ascii=False)
    return HttpResponse(body, content_type=kind, status=status)
