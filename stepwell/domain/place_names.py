"""What people call a place, folded so that spellings of one name meet.

"St. Ives", "saint ives" and "Saint-Ives" are one name; so are Köln and Koeln,
Newcastle and Newcastle upon Tyne. Which places there are is a table of the
directory; which regions of a country have which name is a fact.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, NamedTuple

from pydantic import Field

from stepwell.domain import countries
from stepwell.domain.folding import folded
from stepwell.domain.loading import path, read, remembered
from stepwell.domain.places import LONGEST_PLACE, Point, distance_km
from stepwell.domain.sources import CountryCode, Frozen, Source, Text

FILE = "place_names.toml"
LONGEST_CODE = 3
SAME_TOWN_KM = 25  # two towns of one name in one country lie farther apart than this
# Words that are written in more than one way, as one of them.
ALIKE: Mapping[str, str] = MappingProxyType(
    {"st": "saint", "ste": "saint", "sainte": "saint", "sankt": "saint"}
    | {"mt": "mount", "ft": "fort"}
)
# "Newcastle upon Tyne" is called Newcastle: what follows one of these words is often left out.
QUALIFIERS = frozenset(
    ("upon", "on", "under", "by", "am", "an", "im", "in", "ob", "bei", "vor", "der", "sur", "a")
)
UMLAUTS: Mapping[str, str] = MappingProxyType(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)


class Regions(Frozen):
    """The file facts/place_names.toml: regions by their code in the data, and its source."""

    source: Source
    credit: Text  # what the licence asks to be said wherever the data is used
    names: dict[CountryCode, dict[Annotated[str, Field(min_length=1)], Text]]


class Known(NamedTuple):
    """A town (its district is empty) or a postcode district, and where its middle is."""

    country: str
    name: str
    region: str
    district: str
    lat: float
    lon: float
    size: int  # people, as far as it is known: larger towns come first

    @property
    def point(self) -> Point:
        """Return where its middle is."""
        return Point(self.lat, self.lon)


@remembered
def regions() -> Regions:
    """Return the regions with their source."""
    return read(path(FILE), Regions)


def region_name(country: str, code: str) -> str:
    """Return the name of a region by its code, or "" where we do not know it."""
    return regions().names.get(country, {}).get(code, "")


def fold(text: str) -> str:
    """Return a name without case, accents and signs, and with one spelling of Saint."""
    return " ".join(ALIKE.get(word, word) for word in folded(text))[:LONGEST_PLACE]


def spellings(name: str, others: Iterable[str] = ()) -> frozenset[str]:
    """Return each folded form under which a place is found."""
    told = [name, *others]
    told += ["".join(UMLAUTS.get(sign, sign) for sign in one) for one in told]
    forms = {fold(one) for one in told}
    forms |= {short for form in forms for short in short_forms(form)}
    return frozenset(forms - {""})


def short_forms(form: str) -> Iterator[str]:
    """Yield a folded name up to the word that only tells it apart from others."""
    words = form.split(" ")
    for number, word in enumerate(words[1:], start=1):
        if word in QUALIFIERS:
            yield " ".join(words[:number])
            return


def apart(places: Iterable[Known]) -> list[Known]:
    """Return the places without those that are another's twin: the larger one stays."""
    kept: list[Known] = []
    for place in sorted(places, key=lambda one: (-one.size, one.country, one.region, one.name)):
        if not any(is_twin(place, other) for other in kept):
            kept.append(place)
    return kept


def is_twin(one: Known, other: Known) -> bool:
    """Say whether two rows of one name mean the same place."""
    same = one.country == other.country and bool(one.district) == bool(other.district)
    return same and distance_km(one.point, other.point) <= SAME_TOWN_KM


def halves(text: str) -> Iterator[tuple[str, str]]:
    """Yield how a text may part into a name and a region or country: "Portland, ME"."""
    if "," in text:
        head, _, tail = text.rpartition(",")
        yield fold(head), fold(tail)
    words = fold(text).split(" ")
    if len(words) > 1:
        yield " ".join(words[:-1]), words[-1]


def is_in(place: Known, where: str) -> bool:
    """Say whether a place is in a region or country that a person named, already folded."""
    long = region_name(place.country, place.region)
    country = countries.names().get(place.country, "")
    told = (place.region, long, place.country, country, *OTHER_NAMES.get(place.country, ()))
    return where in {fold(one) for one in told if one}


OTHER_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"GB": ("UK", "Great Britain", "Britain"), "US": ("USA", "America"), "DE": ("Deutschland",)}
)


def called(place: Known) -> str:
    """Return a place as a person would tell it from others of that name."""
    region = region_name(place.country, place.region) or shown_code(place)
    country = countries.names().get(place.country, place.country)
    name = f"{place.name} ({place.district})" if place.district else place.name
    return ", ".join(dict.fromkeys(filter(None, (name, region, country))))


def shown_code(place: Known) -> str:
    """Return a region that says something: a state of the US, or a name and no code."""
    return place.region if place.country == "US" or len(place.region) > LONGEST_CODE else ""
