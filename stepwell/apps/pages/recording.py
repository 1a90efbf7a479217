"""What a page is made from, noted while it is made.

A read says what it stands for with `made_from("article:12")`; whoever changes that says so
with `actions.touch`. Beside the keys every query is noted, so that a page whose key was
touched is made again only where one of its queries answers differently now. A page that
read a table for which it named no key is not kept: a forgotten key cannot make a stale page.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import connection

from stepwell.lib.replicas import up_to_date

Query = tuple[str, Any]
_TABLES_OF: dict[str, frozenset[str]] = {}  # by family of keys
_now: ContextVar["Recorder | None"] = ContextVar("recorder", default=None)


@dataclass
class Recorder:
    """What is noted while one page is made."""

    keys: set[str] = field(default_factory=set)
    queries: list[Query] = field(default_factory=list)
    last_day: date = date.max  # on which the page is still right if nothing is changed

    def uncovered(self) -> set[str]:
        """Return the tables that were read though no key named speaks for them."""
        spoken_for = set[str]().union(*(_TABLES_OF.get(_family(key), ()) for key in self.keys))
        return {table for sql, _ in self.queries for table in tables_in(sql)} - spoken_for


def covers(family: str, tables: Iterable[str]) -> None:
    """Say that keys of a family ("article" of "article:12") speak for these tables."""
    _TABLES_OF[family] = _TABLES_OF.get(family, frozenset()) | frozenset(tables)


def made_from(*keys: str) -> None:
    """Note what the page being made shows; nothing where none is being made for the store."""
    recorder = _now.get()
    if recorder is not None:
        recorder.keys.update(keys)


def good_through(day: date | None) -> None:
    """Note the last day on which the page being made is right; None for one without an end."""
    recorder = _now.get()
    if recorder is not None and day is not None:
        recorder.last_day = min(recorder.last_day, day)


@contextmanager
def recording() -> Iterator[Recorder]:
    """Note everything that is read inside the block, all of it from the primary."""
    recorder = Recorder()
    token = _now.set(recorder)
    try:
        with up_to_date(), connection.execute_wrapper(_noting(recorder)):
            yield recorder
    finally:
        _now.reset(token)


def _noting(recorder: Recorder) -> Callable[..., Any]:
    def execute(call: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip(" \n(").startswith("SELECT"):  # PostgreSQL puts unions in brackets
            recorder.queries.append((sql, params))
        return call(sql, params, many, context)

    return execute


def _family(key: str) -> str:
    return key.partition(":")[0]


def tables_in(sql: str) -> Iterator[str]:
    """Yield the tables that a query of Django's reads: the quoted names after FROM and JOIN."""
    words = sql.replace("(", " ").split()
    for word, following in pairwise(words):
        if word in {"FROM", "JOIN"} and following.startswith('"'):
            yield following.strip('",)').partition('"')[0]
