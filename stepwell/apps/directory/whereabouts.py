"""Reads: which place somebody means, whether or not anything is listed there.

A town or a district is looked up in a table of our own; nothing is sent
anywhere, and nothing that was typed is kept.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from django.db.models import Q

from stepwell.apps.directory.models import Place, PlaceName
from stepwell.domain.place_names import Known, apart, called, fold, halves, is_in, is_twin
from stepwell.domain.places import DISTRICTS, districts_meant, postcode_district

MOST_CHOICES = 30
MOST_LIKE = 3
SHORTEST_COMPARED = 3
MOST_SLIPS = 2
FIELDS = Known._fields


class Meant(NamedTuple):
    """What a text names: the places of that name, largest first, and which is taken."""

    choices: Sequence[Known] = ()
    taken: Known | None = None
    listed: Sequence[Place] = ()  # the directory's own places that it names, near the one taken

    @property
    def is_anywhere(self) -> bool:
        """Say whether the text names any place at all."""
        return self.taken is not None or bool(self.listed)


def place_meant(text: str, country: str, which: str = "") -> Meant:
    """Return what a text means; `which` is the key of the one that a person chose."""
    choices = places_named(text, country)
    taken = next((one for one in choices if key_of(one) == which), choices[0] if choices else None)
    return Meant(choices, taken, near_by(listed_places(text, country), taken))


def places_named(text: str, country: str) -> list[Known]:
    """Return the towns and districts of a name, the largest first. Two queries at most."""
    text = text.replace("\0", "")
    found = within(rows(named_as({fold(text)}, districts_in(text, country))), country)
    if not found:
        parts = list(halves(text))
        near = within(rows(Q(folded__in={head for head, _ in parts if head})), country)
        tails = {tail for _, tail in parts}
        found = [one for one in near if any(is_in(one, tail) for tail in tails)]
    return apart(found)[:MOST_CHOICES]


def named_as(names: Iterable[str], districts: Iterable[tuple[str, str]]) -> Q:
    """Return the condition on names and on districts of a country."""
    meant = Q(folded__in=[name for name in names if name])
    for country, district in districts:
        meant |= Q(district=district, country=country) if country else unruled(district)
    return meant


def unruled(district: str) -> Q:
    """Return the condition on a district of a country whose postcodes have no rule here."""
    return Q(district=district) & ~Q(country__in=DISTRICTS)


def districts_in(text: str, country: str) -> set[tuple[str, str]]:
    """Return the districts that a text may name, each with its country ("" for any other)."""
    told = {(code, postcode_district(code, text)) for code in ([country] if country else DISTRICTS)}
    if not country:
        told.add(("", postcode_district("", text)))
    return {(code, district) for code, district in told if district}


def rows(meant: Q) -> list[Known]:
    """Return the rows that a condition holds for."""
    return [Known(*row) for row in PlaceName.objects.filter(meant).values_list(*FIELDS)]


def within(places: list[Known], country: str) -> list[Known]:
    """Return the places of one country, or all of them."""
    return [one for one in places if not country or one.country == country]


def listed_places(text: str, country: str) -> list[Place]:
    """Return the directory's own places whose town or district is meant by a text."""
    plain = text.replace("\0", "").strip()  # PostgreSQL refuses to be asked for a null
    meant = Q(town__iexact=plain) | Q(district__in=districts_meant(plain, country))
    places = Place.objects.filter(meant)
    return list(places.filter(country=country) if country else places)


def near_by(places: Iterable[Place], taken: Known | None) -> list[Place]:
    """Return the places of a name that can be the one taken: near it, or of unknown point."""
    return [
        place
        for place in places
        if taken is None or (place.country == taken.country and is_close(place, taken))
    ]


def is_close(place: Place, taken: Known) -> bool:
    """Say whether a place is where the one taken is, as far as we know."""
    if place.point is None:
        return True
    return is_twin(taken._replace(lat=place.point.lat, lon=place.point.lon), taken)


def key_of(place: Known) -> str:
    """Return what tells a place from others of its name, as a form sends it back."""
    return f"{place.country} {place.region} {place.lat:.2f} {place.lon:.2f}"


def names_like(text: str, country: str) -> list[str]:
    """Return at most three places that are spelled almost like a text, the nearest first."""
    asked = fold(text)
    if len(asked) < SHORTEST_COMPARED:
        return []
    one, two, three = asked[0], asked[1], asked[2]
    beginnings = {one + two, two + one, one + three, two + three}
    names, towns = PlaceName.objects.order_by("-size"), Place.objects.order_by("town")
    if country:
        names, towns = names.filter(country=country), towns.filter(country=country)
    known: dict[str, str] = {}
    like = names.filter(begins("folded", beginnings))
    rows_like: Iterable[tuple[Any, ...]] = like.values_list("folded", *FIELDS)
    for row in rows_like:
        if abs(len(row[0]) - len(asked)) <= MOST_SLIPS:
            known.setdefault(row[0], called(Known(*row[1:])))
    for town in towns.filter(begins("town", beginnings)).values_list("town", flat=True).distinct():
        known.setdefault(fold(town), town)
    near = get_close_matches(asked, known, n=MOST_LIKE, cutoff=0.75)
    return list(dict.fromkeys(known[name] for name in near))


def begins(field: str, beginnings: Iterable[str]) -> Q:
    """Return the condition that a field begins with one of some texts."""
    meant = Q()
    for beginning in beginnings:
        meant |= Q(**{f"{field}__istartswith": beginning})
    return meant
