"""Search for Questionnaires as FHIR R4 describes it: parameters in, criteria out.

A comma means "or", the same parameter twice means "and". What is not known is
left out and said (lenient), or refused where `Prefer: handling=strict` asks for
that. A modifier that is not known is always refused.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from stepwell.lib import fhir

PAGE, LONGEST_PAGE = 10, 50  # entries


class BadSearch(Exception):
    """The search cannot be carried out. The message says what is wrong and the repair."""


class NotHere(Exception):
    """There is no such resource here, or it is not shown. The two are told alike."""


class Indexed(NamedTuple):
    """What a Questionnaire is found by."""

    resource_id: str
    url: str
    title: str
    codes: frozenset[str]


class Criterion(NamedTuple):
    """One parameter: its name as it was sent, and the values of which one must fit."""

    name: str
    values: tuple[str, ...]


class Search(NamedTuple):
    """What to look for, which part of it to give, and what was left out of account."""

    criteria: tuple[Criterion, ...]
    size: int
    page: int
    ignored: tuple[str, ...]


def _id_fits(one: Indexed, value: str) -> bool:
    return one.resource_id == unescaped(value)


def _url_fits(one: Indexed, value: str) -> bool:
    return one.url == unescaped(value)


def _code_fits(one: Indexed, value: str) -> bool:
    system, bar, code = value.rpartition("|")
    if bar and system != fhir.LOINC:
        return False
    return unescaped(code) in one.codes if code else bool(one.codes)


def _title_starts(one: Indexed, value: str) -> bool:
    return folded(one.title).startswith(folded(unescaped(value)))


def _title_contains(one: Indexed, value: str) -> bool:
    return folded(unescaped(value)) in folded(one.title)


def _title_is(one: Indexed, value: str) -> bool:
    return one.title == unescaped(value)


FITS: Mapping[str, Callable[[Indexed, str], bool]] = {
    "_id": _id_fits,
    "code": _code_fits,
    "title": _title_starts,
    "title:contains": _title_contains,
    "title:exact": _title_is,
    "url": _url_fits,
}


def read_search(pairs: Iterable[tuple[str, str]], *, strict: bool) -> Search:
    """Return the search that these parameters ask for; raise BadSearch where they cannot be."""
    criteria: list[Criterion] = []
    paging = {"_count": PAGE, "_page": 1}
    ignored: list[str] = []
    for name, value in pairs:
        if name in FITS:
            criteria += [Criterion(name, values)] if (values := alternatives(value)) else []
        elif name in paging:
            paging[name] = whole_number(name, value)
        elif name != "_format":
            ignored.append(_left_out(name))
    if ignored and strict:
        raise BadSearch(f"Unknown parameters: {', '.join(ignored)}. {_known()}")
    size = min(paging["_count"], LONGEST_PAGE)
    return Search(tuple(criteria), size, max(paging["_page"], 1), tuple(ignored))


def found(shelf: Sequence[Indexed], search: Search) -> list[Indexed]:
    """Return what fits every criterion, in the order of the shelf."""
    return [one for one in shelf if all(fits(one, criterion) for criterion in search.criteria)]


def fits(one: Indexed, criterion: Criterion) -> bool:
    """Say whether one of the values of a criterion fits."""
    return any(FITS[criterion.name](one, value) for value in criterion.values)


def alternatives(value: str) -> tuple[str, ...]:
    """Return the parts of a value between its commas; an escaped comma parts nothing."""
    return tuple(part for part in re.findall(r"(?:\\.|[^\\,])+", value) if part.strip())


def unescaped(value: str) -> str:
    r"""Return a value with `\,`, `\|`, `\$` and `\\` as the signs they stand for."""
    return re.sub(r"\\(.)", r"\1", value)


def folded(text: str) -> str:
    """Return a text for comparing: small letters, no accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def whole_number(name: str, value: str) -> int:
    """Return the number of a paging parameter."""
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise BadSearch(f"{name} is {value!r}. Write a whole number.")
    return int(value)


def _left_out(name: str) -> str:
    """Return a parameter that is not known; raise BadSearch for an unknown modifier of a known."""
    plain, colon, modifier = name.partition(":")
    if colon and plain in FITS:
        raise BadSearch(f"{plain} has no modifier {modifier!r} here. {_known()}")
    return name


def _known() -> str:
    return f"Use {', '.join([*FITS, '_count', '_page'])}."
