"""The results of a search: what was asked, what fits and why, what each gate removed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from stepwell.apps.directory import words
from stepwell.apps.directory.finding.engine import LOOKED_AT
from stepwell.apps.directory.forms import SearchForm
from stepwell.apps.directory.models import Listing
from stepwell.apps.directory.presenters.cards import card
from stepwell.apps.directory.presenters.wording import (
    FROM_AFAR,
    Context,
    accepting_words,
    cost_words,
    counted,
    day,
    kind_name,
)
from stepwell.apps.directory.queries import candidate_of
from stepwell.domain import approaches, matching
from stepwell.domain.guide_facts import goals, needs
from stepwell.domain.matching import GATES, WEIGHTS, Funnel, Removed
from stepwell.domain.narrowing import Facets
from stepwell.domain.offers import Candidate, Preferences, Reach
from stepwell.domain.places import DISTANCES_KM, WITHIN_KM

FEW = 5  # smaller counts of what says something about a person are not told
TOLD_AS_FEW = frozenset({"access", "payer", "language"})
MOST_VALUES = 6  # of one column that the page offers
NARROWEST = 2  # of a hundred: as thin as a step of the funnel is drawn

WISH_WORDS = {
    "place": "Without a place",
    "distance": "A little farther away",
    "reach": "In person, or by phone, video or text",
    "language": "In any language",
    "cost": "With those that have a price",
    "need": "Whatever it is about",
    "goal": "Whatever should be different",
    "approach": "By any method",
    "format": "In any form",
    "access": "Without what you need to be able to come",
    "payer": "Whoever pays",
    "accepting": "With those who have not said that they take people now",
    "checked": "With those whose licence or title nobody here has checked",
}
PART_WORDS = {
    "focus": "What it is about",
    "near": "Near",
    "language": "Language",
    "cost": "Cost",
    "accepting": "Takes new people",
    "way": "The way it is given",
    "trust": "Checked and fresh",
}
# What stands over each column by which results can be narrowed, and what its one box says there.
FACET_WORDS = {
    "kind": "Kind of support",
    "remote": "How to meet",
    "language": "Language",
    "format": "Form",
    "access": "Access",
    "payer": "Who pays",
    "cost": "Cost",
    "accepting": "New people",
}
BOX_WORDS = {"cost": {"on": "Free or low cost"}, "accepting": {"on": "Takes new people now"}}
ONE = {"are": "is", "were": "was", "do": "does", "have": "has", "name": "names"}


class Part(NamedTuple):
    """One part of a score: its points of how many, and what they are for."""

    name: str
    points: int
    most: int
    told: str


class Button(NamedTuple):
    """A button that asks again with one thing changed: what it says, and what it sends."""

    words: str
    sends: str


class Facet(NamedTuple):
    """One column by which results can be narrowed, with a button for each value."""

    words: str
    buttons: list[Button]


class Step(NamedTuple):
    """One step of the funnel: its words, how many are left, and where and how wide it is drawn."""

    words: str
    left: str
    start: float
    width: float


def heading(found: int, *, more: bool) -> str:
    """Return how many fit, in words; `more`: not all of them were looked at."""
    if not found and more:
        return f"None of the {LOOKED_AT:,} listings that we looked at fits"
    if not found:
        return "No listing fits all of what you asked for"
    told = counted(found, "listing fits", "listings fit")
    return f"{f'At least {told[:1].lower()}{told[1:]}' if more else told} what you asked for"


def cards(listings: Iterable[Listing], wanted: Preferences, today: date) -> list[Context]:
    """Return the listings as cards, each with the reasons for its place."""
    return [{**card(one, today), **reasons(one, wanted, today)} for one in listings]


def reasons(listing: Listing, wanted: Preferences, today: date) -> Context:
    """Return why a listing is shown where it is: how far away, and the points of each part."""
    candidate = candidate_of(listing)
    points = matching.score(candidate, wanted, today)
    told = {
        "focus": "; ".join(focus_words(candidate, wanted)),
        "near": near_words(points["near"]),
        "language": f"Speaks {words.language_name(wanted.language)}",
        "cost": cost_words(listing),
        "accepting": accepting_words(listing, today),
        "way": way_words(candidate, wanted),
        "trust": trust_words(candidate, today),
    }
    given = [
        Part(PART_WORDS[name], worth, WEIGHTS[name], told[name])
        for name, worth in points.items()
        if worth
    ]
    return {
        "distance": near_words(points["near"]) if points["near"] else "",
        "asked": f"It is {kind_name(listing.kind).lower()}, as you asked." if wanted.kind else "",
        "why": given,
        "points": sum(points.values()),
        "most": sum(WEIGHTS.values()),
    }


def focus_words(listing: Candidate, wanted: Preferences) -> Iterator[str]:
    """Yield what the listing names of what it should be about."""
    if wanted.need in listing.needs:
        yield f"Names {needs()[wanted.need].label.lower()}"
    if wanted.goal in listing.goals:
        yield f"Names the goal: {goals()[wanted.goal].label.lower()}"
    if wanted.approach in listing.approaches:
        yield f"Works by {approaches.approach(wanted.approach).name}"


def way_words(listing: Candidate, wanted: Preferences) -> str:
    """Return the way asked for in which it is given."""
    form = [wanted.format] if wanted.format in listing.formats else []
    afar = FROM_AFAR if wanted.reach is Reach.REMOTE and listing.remote else ""
    return ". ".join(filter(None, (afar, words.sentence(words.FORMATS, form))))


def trust_words(listing: Candidate, today: date) -> str:
    """Return what was checked and how fresh it is."""
    checked = "A licence or title was checked" if matching.has_checked(listing, today) else ""
    fresh = matching.is_recent(listing.confirmed_on, today, matching.FRESH_DAYS)
    confirmed = f"Confirmed on {day(listing.confirmed_on or today)}" if fresh else ""
    return ". ".join(filter(None, (checked, confirmed)))


def near_words(points: int) -> str:
    """Return a distance in bands; never nearer than that, because some places are hidden."""
    bands = sorted(DISTANCES_KM)
    number = min(len(bands) - points, len(bands) - 1)
    lower, upper = [0, *bands][number], bands[number]
    return f"{lower} to {upper} km away" if lower else f"There, or up to {upper} km away"


def funnel(found: Funnel) -> list[Step]:
    """Return the gates as steps that narrow; gates that removed none are left out.

    How many are left is reckoned from the end: of very many, not all are counted at the start.
    """
    said = {gate.name: gate.removed for gate in GATES}
    left = found.left + sum(gate.listings for gate in found.removed)
    most = max(found.start, left)
    in_all = "1 listing in all" if found.start == 1 else f"{found.start:,} listings in all"
    steps = [step(f"More than {in_all}" if found.more_at_start else in_all, "", 1)]
    for gate in found.removed:
        left -= gate.listings
        told = removed_words(gate, said[gate.gate])
        if told:
            more = "at least " if found.more_left else ""
            steps.append(step(told, f"{more}{left:,} left", left / most if most else 0))
    return steps


def removed_words(gate: Removed, removed: str) -> str:
    """Return how many a gate removed; "" where it removed none."""
    if gate.more and not gate.listings:
        return f"Not counted: those that {removed}"
    told = agreeing(gate.listings, removed) if gate.listings else ""
    return f"More than {told}" if gate.more else told


def step(told: str, left: str, share: float) -> Step:
    """Return one step, as wide as the share that is left, in the middle of a hundred."""
    width = max(100 * share, NARROWEST)
    return Step(told, left, round((100 - width) / 2, 1), round(width, 1))


def agreeing(number: int, removed: str) -> str:
    """Return how many a gate removed, with its verbs in the right number."""
    if number == 1:
        parts = [part.partition(" ") for part in removed.split(", ")]
        removed = ", ".join(f"{ONE.get(verb, verb)} {rest}" for verb, _, rest in parts)
    return f"{number:,} {removed}"


def what_if(left: int, counts: Mapping[str, int], within_km: int, *, more: bool) -> list[Button]:
    """Return how many more there would be with one wish less, where that gives any."""
    wider = min((km for km in WITHIN_KM if km > within_km), default=within_km)
    sends = {"reach": "remote=", "distance": f"within={wider}"}
    at_least = "at least " if more else ""
    return [
        Button(f"{WISH_WORDS[wish]}: {at_least}{count - left:,} more", sends.get(wish, f"{wish}="))
        for wish, count in counts.items()
        if count > left
    ]


def facets(counts: Facets, total: int, form: SearchForm) -> list[Facet]:
    """Return by what the results can be narrowed: each column with its commonest values."""
    found = [
        Facet(FACET_WORDS[name], values(name, counts[name], total, form))
        for name in counts
        if not form.cleaned_data[name]
    ]
    return [facet for facet in found if facet.buttons]


def values(name: str, counts: Mapping[str, int], total: int, form: SearchForm) -> list[Button]:
    """Return the values of one column that would leave fewer, but some; the commonest first."""
    if name == "cost":
        counts = {"on": counts.get("free", 0) + counts.get("low", 0)}
    if name == "accepting":
        counts = {"on": counts.get("yes", 0)}
    told = {**form.choice_words(name), **BOX_WORDS.get(name, {})}
    narrower = [(value, n) for value, n in counts.items() if 0 < n < total and value in told]
    narrower.sort(key=lambda one: (-one[1], told[one[0]]))
    return [
        Button(f"{told[value]} ({counted_in(name, number)})", f"{name}={value}")
        for value, number in narrower[:MOST_VALUES]
    ]


def counted_in(name: str, number: int) -> str:
    """Return a count; where a small one could point to somebody, that there are few."""
    return "few" if name in TOLD_AS_FEW and number < FEW else f"{number:,}"
