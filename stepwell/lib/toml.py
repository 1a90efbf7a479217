"""Writes plain data as TOML 1.0, which the standard library only reads.

Tables become `[sections]`, lists of tables `[[sections]]`, and everything else
stands on one line. Keys keep their order, but what stands on a line comes before
what needs a section of its own, as TOML demands.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")
Table = Mapping[Any, Any]


def dumps(table: Table) -> str:
    """Return a TOML document that reads back as `table` (tuples as lists, None left out)."""
    return "\n".join(_lines(table, "")).strip() + "\n"


def _lines(table: Table, name: str) -> Iterator[str]:
    sections = {key: value for key, value in table.items() if _needs_section(value)}
    for key, value in table.items():
        if key not in sections and value is not None:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in sections.items():
        path = f"{name}.{_key(key)}" if name else _key(key)
        if isinstance(value, Mapping):
            yield from ("", f"[{path}]")
            yield from _lines(value, path)
        else:
            for entry in value:
                yield from ("", f"[[{path}]]")
                yield from _lines(entry, path)


def _needs_section(value: Any) -> bool:
    if isinstance(value, Mapping):
        return True
    entries = value if isinstance(value, list | tuple) else ()
    return bool(entries) and all(isinstance(entry, Mapping) for entry in entries)


def _key(key: Any) -> str:
    text = str(key)
    return text if BARE.fullmatch(text) else _text(text)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    if isinstance(value, int | float):
        return repr(value)
    raise TypeError(f"TOML has no form for {type(value).__name__}")


def _text(text: str) -> str:
    """Return a basic string. JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
