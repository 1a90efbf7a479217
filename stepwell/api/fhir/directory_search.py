"""Search among the resources of the directory: parameters in, one page of rows out.

The same rules as for Questionnaires (searching.py): a comma means "or", a parameter
that is given twice "and", what is not known is left out and said. Pages are by key:
`_after` is where the last page ended, so nothing is told twice or left out when rows
come and go. `near` orders places by distance.
"""

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from stepwell.api.fhir.directory_shelf import Asked, Parameter, Shelf
from stepwell.api.fhir.searching import (
    BadSearch,
    Criterion,
    alternatives,
    unescaped,
    whole_number,
)
from stepwell.apps.directory import published
from stepwell.domain.places import Point, is_on_the_globe

PAGE, LONGEST_PAGE = 20, 100  # entries
MOST_VALUES, LONGEST_VALUE = 40, 200
FARTHEST_KM, USUAL_KM = 200.0, 40.0
KM_OF = {"km": 1.0, "m": 0.001, "mi": 1.609344, "[mi_i]": 1.609344, "[mi_us]": 1.609347219}
NEAR = "near"
NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{0,12})?", re.ASCII)
TOLD = Parameter(
    "special", "latitude|longitude|distance|units (km, m, mi); 40 km.", lambda v, a: Q()
)


class Around(NamedTuple):
    """Where to look, and how far."""

    point: Point
    km: float


class Search(NamedTuple):
    """What to look for, which part of it to give, and what was left out of account."""

    criteria: tuple[Criterion, ...]
    near: Around | None
    near_said: str
    size: int
    after: str
    with_total: bool
    ignored: tuple[str, ...]


class Page(NamedTuple):
    """One page: rows with their distance where one was asked for, and where the next begins."""

    rows: list[tuple[Any, float | None]]
    following: str
    total: int | None


def read_search(
    pairs: Iterable[tuple[str, str]], shelf: Shelf, *, with_near: bool, strict: bool
) -> Search:
    """Return the search that these parameters ask for; raise BadSearch where they cannot be."""
    criteria: list[Criterion] = []
    told = {"_count": str(PAGE), "_after": "", "_total": "none", NEAR: ""}
    ignored: list[str] = []
    for name, value in pairs:
        check_value(name, value)
        if name in shelf.parameters:
            criteria += [Criterion(name, values)] if (values := alternatives(value)) else []
        elif name in told and (name != NEAR or with_near):
            told[name] = value
        elif name != "_format":
            ignored.append(left_out(name, shelf))
    if ignored and strict:
        raise BadSearch(f"Unknown parameters: {', '.join(ignored)}. {known(shelf, with_near)}")
    if sum(len(one.values) for one in criteria) > MOST_VALUES:
        raise BadSearch(f"More than {MOST_VALUES} values. Ask for fewer at once.")
    size = min(whole_number("_count", told["_count"]), LONGEST_PAGE)
    return Search(
        tuple(criteria),
        around(told[NEAR]) if told[NEAR] else None,
        told[NEAR],
        size,
        told["_after"],
        told["_total"] == "accurate" or not size,
        tuple(dict.fromkeys(ignored)),
    )


def check_value(name: str, value: str) -> None:
    """Raise BadSearch where a value can be of no use, or would trouble a database."""
    if len(value) > LONGEST_VALUE * MOST_VALUES or len(name) > LONGEST_VALUE:
        raise BadSearch("A value is too long.")
    if "\0" in name + value:
        raise BadSearch("A value holds a zero byte. Take it out.")


def around(value: str) -> Around:
    """Return the circle that `near` names; raise BadSearch where it names none."""
    parts = [unescaped(part).strip() for part in value.split("|")]
    lat, lon, far, unit = [*parts, "", "", "", ""][:4]
    usable = all(NUMBER.fullmatch(one) for one in (lat, lon)) and (not far or NUMBER.fullmatch(far))
    if not usable or len(parts) > 4 or (unit or "km") not in KM_OF:
        raise BadSearch("near is latitude|longitude|distance|units, as in near=53.8|-1.55|15|km.")
    km = float(far) * KM_OF[unit or "km"] if far else USUAL_KM
    if not is_on_the_globe(float(lat), float(lon)) or not 0 <= km <= FARTHEST_KM:
        raise BadSearch(f"near asks for no place on the globe, or for more than {FARTHEST_KM} km.")
    return Around(Point(float(lat), float(lon)), km)


def found(shelf: Shelf, search: Search, asked: Asked) -> Page:
    """Return one page of the rows that fit every criterion."""
    rows = shelf.rows(asked.today)
    for criterion in search.criteria:
        condition = shelf.parameters[criterion.name].condition
        rows = rows.filter(reduce(or_, (condition(one, asked) for one in criterion.values)))
    if search.near:
        return nearest(rows, search, search.near)
    total = rows.count() if search.with_total else None
    if search.after:
        if not shelf.key_form.fullmatch(search.after):
            raise BadSearch("_after is no place at which a page ended. Follow the links.")
        rows = rows.filter(pk__gt=search.after)
    got = list(rows.order_by("pk")[: search.size + 1]) if search.size else []
    page = got[: search.size]
    following = str(page[-1].pk) if len(got) > search.size else ""
    return Page([(row, None) for row in page], following, total)


def nearest(rows: "QuerySet[Any]", search: Search, near: Around) -> Page:
    """Return one page of the places around a point, the nearest first."""
    last = last_told(search.after)
    away = published.within(rows, near.point, near.km)
    rest = [each for each in away if each > last]
    page = rest[: search.size]
    by_key = rows.in_bulk([pk for _, pk in page])
    told: list[tuple[Any, float | None]] = [(by_key[pk], km) for km, pk in page if pk in by_key]
    more = bool(page) and len(rest) > len(page)
    following = f"{page[-1][0]}_{page[-1][1]}" if more else ""
    return Page(told, following, len(away) if search.with_total else None)


def last_told(after: str) -> tuple[float, int]:
    """Return distance and key of the place with which the last page ended."""
    if not after:
        return (-1.0, 0)
    found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)_([0-9]{1,9})", after, re.ASCII)
    if not found:
        raise BadSearch("_after is no place at which a page ended. Follow the links.")
    return (float(found[1]), int(found[2]))


def left_out(name: str, shelf: Shelf) -> str:
    """Return a parameter that is not known; raise BadSearch for an unknown modifier of a known."""
    plain, colon, modifier = name.partition(":")
    if colon and (plain in shelf.parameters or plain == NEAR):
        raise BadSearch(f"{plain} has no modifier {modifier[:40]!r} here. {known(shelf, False)}")
    return name[:80]


def known(shelf: Shelf, with_near: bool) -> str:
    """Return which parameters there are."""
    near = [NEAR] if with_near else []
    return f"Use {', '.join([*shelf.parameters, *near, '_count', '_total', '_after'])}."
