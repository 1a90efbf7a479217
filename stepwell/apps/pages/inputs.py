"""The answers to a page's queries as one fingerprint, and the queries as they are kept."""

import json
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection

from stepwell.apps.pages.recording import Query

_TYPES: dict[str, Any] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "Decimal": Decimal,
    "UUID": UUID,
}


class CannotKeep(Exception):
    """A parameter has no form in which it could be kept."""


def fingerprint(queries: Iterable[Query]) -> str:
    """Return a hash of what the database answers to these queries now."""
    told = sha256()
    with connection.cursor() as cursor:
        for sql, params in queries:
            cursor.execute(sql, params)
            told.update(repr(cursor.fetchall()).encode())
    return told.hexdigest()


def written(queries: Iterable[Query]) -> str:
    """Return queries as text; raise CannotKeep for a parameter that has no text."""
    return json.dumps([[sql, list(params or ())] for sql, params in queries], default=_tagged)


def read(text: str) -> list[Query]:
    """Return the queries of a text that `written` made."""
    return [(sql, tuple(params)) for sql, params in json.loads(text, object_hook=_untagged)]


def _tagged(value: object) -> dict[str, str]:
    kind = type(value).__name__
    if kind not in _TYPES:
        raise CannotKeep(kind)
    said = value.isoformat() if isinstance(value, date | time) else str(value)
    return {"type": kind, "said": said}


def _untagged(value: dict[str, str]) -> Any:
    return _TYPES[value["type"]](value["said"])
