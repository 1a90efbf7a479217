"""Reads facts/ once into frozen values.

The package's own facts come first; a host's folders (`FACTS_DIRS`) add files or
replace them by the same name. A wrong file is refused with its name, the key
and the repair.
"""

import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from stepwell.domain.errors import FactError, UnknownFact
from stepwell.domain.sources import Fact

Value = TypeVar("Value")
Schema = TypeVar("Schema", bound=BaseModel)
FactType = TypeVar("FactType", bound=Fact)

PACKAGED = Path(__file__).parent / "facts"
_places: list[Path] = [PACKAGED]
_loaders: list[Callable[[], None]] = []

REPAIRS = {
    "missing": "Add this key.",
    "extra_forbidden": "Remove this key, or correct its spelling.",
    "string_type": "Put the value in quotes.",
    "string_too_short": "Write something here, or remove the key.",
    "string_pattern_mismatch": "Use the form that the pattern asks for.",
    "enum": "Use one of the values named.",
    "literal_error": "Use one of the values named.",
    "date_from_datetime_parsing": "Write the date as 2026-11-23, without quotes.",
    "date_type": "Write the date as 2026-11-23, without quotes.",
    "int_parsing": "Write a whole number without quotes.",
    "int_type": "Write a whole number without quotes.",
    "greater_than_equal": "Use a larger number.",
    "less_than_equal": "Use a smaller number.",
    "list_type": 'Write a list: ["a", "b"].',
    "tuple_type": 'Write a list: ["a", "b"].',
    "model_type": "Write a table with its own keys here.",
    "bool_type": "Write true or false without quotes.",
    "bool_parsing": "Write true or false without quotes.",
}


def use_folders(extra: Sequence[Path]) -> None:
    """Read facts from the package and then from `extra`, later folders winning."""
    _places[:] = [PACKAGED, *extra]
    forget()


def forget() -> None:
    """Drop everything read so far, so that the next use reads the files again."""
    for clear in _loaders:
        clear()


def remembered(function: Callable[[], Value]) -> Callable[[], Value]:
    """Cache a loader without arguments until `forget` or `use_folders` is called."""
    cached = cache(function)
    _loaders.append(cached.cache_clear)
    return cached


def read(path: Path, schema: type[Schema]) -> Schema:
    """Return one file as a frozen value; raise FactError naming file, key and repair."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FactError(f"{_name(path)}: the file is missing. Restore it.") from None
    except UnicodeDecodeError as error:
        raise FactError(f"{_name(path)}: not UTF-8 ({error}). Save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise FactError(f"{_name(path)}: not TOML ({error}). Correct that line.") from error
    return parse(raw, schema, where=_name(path))


def parse(raw: Mapping[str, Any], schema: type[Schema], *, where: str) -> Schema:
    """Return `raw` checked against `schema`; raise FactError for the first thing wrong."""
    try:
        return schema.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the whole file"
        repair = REPAIRS.get(first["type"], "Correct this value.")
        raise FactError(f"{where}: {key}: {first['msg']}. {repair}") from error


def folder(name: str, schema: type[FactType]) -> Mapping[str, FactType]:
    """Return every fact of facts/`name`/ by id; the id must equal the file's name."""
    found: dict[str, FactType] = {}
    for path in paths(name):
        fact = read(path, schema)
        if fact.id != path.stem:
            raise FactError(
                f"{_name(path)}: id: is {fact.id!r}, but the file is called {path.name}. "
                f'Write id = "{path.stem}" or rename the file.'
            )
        if fact.source.review_due < fact.source.checked_on:
            raise FactError(
                f"{_name(path)}: source.review_due: lies before source.checked_on. "
                "Set it to the day this fact has to be looked at again."
            )
        found[fact.id] = fact
    return MappingProxyType(found)


def paths(name: str) -> list[Path]:
    """Return the files of facts/`name`/ in order of name, a host's replacing ours."""
    chosen: dict[str, Path] = {}
    for place in _places:
        for path in sorted((place / name).glob("*.toml")):
            chosen[path.name] = path
    return [chosen[key] for key in sorted(chosen)]


def folder_files(name: str, holding: Collection[str]) -> list[Path]:
    """Return one file for each folder in facts/`name`/: one of `holding`, a host's replacing ours.

    The folders come in order of name. A host's file may be another of `holding` than ours.
    """
    chosen: dict[str, Path] = {}
    for place in _places:
        for file in (place / name).glob("*/*.toml"):
            if file.name in holding:
                chosen[file.parent.name] = file
    return [chosen[key] for key in sorted(chosen)]


def path(name: str) -> Path:
    """Return the file facts/`name`, from the last folder that has it."""
    for place in reversed(_places):
        if (place / name).exists():
            return place / name
    return PACKAGED / name


def get(facts: Mapping[str, FactType], family: str, fact_id: str) -> FactType:
    """Return one fact; raise UnknownFact with the nearest ids."""
    try:
        return facts[fact_id]
    except KeyError:
        raise UnknownFact(family, fact_id, facts) from None


def check_known(where: str, key: str, ids: Sequence[str], known: Mapping[str, Any]) -> None:
    """Raise FactError at the first of `ids` that is not in `known`."""
    for fact_id in ids:
        if fact_id not in known:
            near = str(UnknownFact("fact", fact_id, known))
            raise FactError(f"{where}: {key}: {near} Use an id that exists.")


def _name(path: Path) -> str:
    for place in _places:
        if path.is_relative_to(place):
            return path.relative_to(place).as_posix()
    return path.name
