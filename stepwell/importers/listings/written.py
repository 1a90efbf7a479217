"""A mapping as the TOML file that the command line reads."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from stepwell.importers.listings.mapping import Mapped


def as_toml(mapping: Mapped) -> str:
    """Return the file; reading it again gives the same mapping."""
    said = mapping.model_dump(mode="json", exclude_defaults=True)
    plain = {key: value for key, value in said.items() if not isinstance(value, dict)}
    tables = {key: value for key, value in said.items() if isinstance(value, dict)}
    return "\n".join(["# Which column is which field.", *pairs(plain), *nested(tables), ""])


def nested(tables: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """Yield tables, and the tables in them, each under its heading."""
    for name, table in tables.items():
        inner = {key: one for key, one in table.items() if isinstance(one, dict)}
        own = {key: one for key, one in table.items() if key not in inner}
        if own or not inner:
            yield f"\n[{before}{key_of(name)}]"
            yield from pairs(own)
        yield from nested(inner, f"{before}{key_of(name)}.")


def pairs(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the entries of a table."""
    for name, one in table.items():
        yield f"{key_of(name)} = {value(one)}"


def key_of(name: str) -> str:
    """Return a key, in quotes where it needs them."""
    bare = name and name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else value(name)


def value(one: Any) -> str:
    """Return a text, number, yes or no, or a list of them. JSON's texts are TOML's but for DEL."""
    return json.dumps(one, ensure_ascii=False).replace("\x7f", "\\u007f")
