"""Dates in a FHIR search: a prefix, then a year, month, day or moment, which is a span of time."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from stepwell.api.fhir.searching import BadSearch

FORM = re.compile(
    r"(eq|ne|gt|lt|ge|le|sa|eb|ap)?"
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?(Z|[+ -][0-9]{2}:[0-9]{2})?)?)?)?",
    re.ASCII,
)
FIRST, LAST = 1900, 2199  # years; beyond them databases and time zones part ways
ABOUT = timedelta(days=1)  # what "ap" allows on either side


class Span(NamedTuple):
    """From a moment up to another, which is no longer part of it."""

    start: datetime
    end: datetime


def when(field: str, value: str) -> Q:
    """Return the condition on a moment; raise BadSearch where the value is no date."""
    found = FORM.fullmatch(value)
    if not found:
        raise BadSearch(f"{value[:40]!r} is no date. Write ge2026-11-24 or 2026-11-24T09:00:00Z.")
    try:
        start, end = span(found)
    except (ValueError, OverflowError) as error:
        raise BadSearch(f"{value[:40]!r} is no date: {error}.") from error
    inside = Q(**{f"{field}__gte": start, f"{field}__lt": end})
    by_prefix = {
        "ne": ~inside,
        "gt": Q(**{f"{field}__gte": end}),
        "sa": Q(**{f"{field}__gte": end}),
        "lt": Q(**{f"{field}__lt": start}),
        "eb": Q(**{f"{field}__lt": start}),
        "ge": Q(**{f"{field}__gte": start}),
        "le": Q(**{f"{field}__lt": end}),
        "ap": Q(**{f"{field}__gte": start - ABOUT, f"{field}__lt": end + ABOUT}),
    }
    return by_prefix.get(found[1] or "eq", inside)


def span(found: re.Match[str]) -> Span:
    """Return the time that a date stands for; raise ValueError where there is no such day."""
    year, month, day = int(found[2]), found[3], found[4]
    if not FIRST <= year <= LAST:
        raise ValueError(f"the year is not between {FIRST} and {LAST}")
    if month is None:
        return Span(_midnight(date(year, 1, 1)), _midnight(date(year + 1, 1, 1)))
    if day is None:
        first = date(year, int(month), 1)
        return Span(_midnight(first), _midnight((first + timedelta(days=31)).replace(day=1)))
    if found[5] is None:
        start = _midnight(date(year, int(month), int(day)))
        return Span(start, start + timedelta(days=1))
    second = found[7] or "00"
    zone = (found[8] or "Z").replace(" ", "+").replace("Z", "+00:00")
    start = datetime.fromisoformat(
        f"{year:04}-{month}-{day}T{found[5]}:{found[6]}:{second}{zone}"
    ).astimezone(UTC)
    return Span(start, start + timedelta(seconds=1 if found[7] else 60))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
