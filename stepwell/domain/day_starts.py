"""On which of our days a licence is in force for the last time.

A licence ends at midnight where it was given. We count days in UTC. Where the next
day begins earlier than ours, a licence would be shown for some hours too long on its
last day, so that day no longer counts; where it begins later or at the same time, it
does. Too early by some hours is safer than too late by one.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from stepwell.domain.errors import FactError
from stepwell.domain.loading import path, read, remembered
from stepwell.domain.sources import Checked, CountryCode, Frozen, Source

FILE = "day_starts.toml"
ONE_DAY = timedelta(days=1)
ZoneName = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z_]+(/[A-Za-z_-]+)+$")]


class DayStarts(Frozen):
    """The file facts/day_starts.toml."""

    source: Source
    zones: dict[CountryCode, ZoneName]


@remembered
def listed() -> DayStarts:
    """Return the list with its source."""
    return read(path(FILE), DayStarts)


@remembered
def zones() -> Mapping[str, str]:
    """Return the zone of each country in which a day begins first."""
    return MappingProxyType(listed().zones)


def begins_earlier(country: str, day: date) -> bool:
    """Say whether a day begins in a country before it begins in UTC; unknown counts as earlier."""
    zone = zones().get(country)
    if zone is None:
        return True
    ahead = datetime.combine(day, time(), ZoneInfo(zone)).utcoffset()
    return ahead is None or ahead > timedelta(0)


def last_day(ends_on: date | None, jurisdiction: str) -> date | None:
    """Return the last of our days on which a licence counts; None where it has no end.

    The jurisdiction is a country ("GB") or a part of one ("US-CA").
    """
    if ends_on is None:
        return None
    country = jurisdiction[:2].upper()
    return ends_on - ONE_DAY if begins_earlier(country, ends_on + ONE_DAY) else ends_on


def countries_with_the_whole_day(day: date) -> frozenset[str]:
    """Return the countries in which a licence that ends on a day counts all of our day."""
    after = day + ONE_DAY
    return frozenset(country for country in zones() if not begins_earlier(country, after))


def check() -> None:
    """Raise FactError where a zone is not known to this machine."""
    for country, zone in zones().items():
        try:
            ZoneInfo(zone)
        except ZoneInfoNotFoundError as error:
            raise FactError(
                f"{FILE}: zones.{country}: there is no time zone {zone!r} here. "
                "Correct it, or install the time zone data (tzdata)."
            ) from error


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many countries have a zone, by how the list was checked."""
    return {"countries whose day begins somewhere": {listed().source.checked: len(zones())}}
