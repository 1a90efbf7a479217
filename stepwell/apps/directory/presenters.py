"""Rows turned into what a page shows. No queries here."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from stepwell.apps.directory import offer_words, words
from stepwell.apps.directory.models import Credential, Family, Listing
from stepwell.apps.directory.queries import candidate_of, held_of, values_of
from stepwell.domain import approaches, countries, matching, registers, support
from stepwell.domain.credentials import (
    LEVEL_WORDS,
    STATE_WORDS,
    Held,
    State,
    is_checked,
    state_on,
)
from stepwell.domain.dimensions import BASIS_WORDS, Basis
from stepwell.domain.guide_facts import Goal, Need, goals, needs
from stepwell.domain.matching import GATES, Funnel
from stepwell.domain.offers import Accepting, Cost, Preferences, Reach
from stepwell.domain.places import DISTANCES_KM

Context = dict[str, Any]
FROM_AFAR = "By phone, video or text"
UNCHECKED = "Nobody here has checked a licence or title of this provider."

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
    "focus": "what it is about",
    "near": "near",
    "language": "language",
    "cost": "cost",
    "accepting": "takes new people",
    "way": "the way it is given",
    "trust": "checked and fresh",
}


def day(moment: date) -> str:
    """Return a date in words."""
    return f"{moment.day} {moment:%B %Y}"


def kind_name(kind_id: str) -> str:
    """Return a kind's name; its id where a host has taken the fact away."""
    kind = support.kinds().get(kind_id)
    return kind.name if kind else kind_id.replace("_", " ").capitalize()


def place_words(listing: Listing) -> str:
    """Return where it is, as coarsely as it may be said."""
    place = listing.place
    if place is None:
        return FROM_AFAR
    country = countries.names().get(place.country, place.country)
    hidden = " (the address is not published)" if place.redacted else ""
    return f"{place.town}, {country}{hidden}"


def cards(listings: Iterable[Listing], wanted: Preferences, today: date) -> list[Context]:
    """Return the listings as cards, each with the reasons for its place."""
    return [card(listing, wanted, today) for listing in listings]


def card(listing: Listing, wanted: Preferences, today: date) -> Context:
    """Return one card."""
    candidate = candidate_of(listing)
    points = matching.score(candidate, wanted, today)
    told = ", ".join(f"{PART_WORDS[name]} {given}" for name, given in points.items() if given)
    return {
        "url": reverse("directory:listing", args=[listing.pk]),
        "name": listing.name,
        "kind": kind_name(listing.kind),
        "place": place_words(listing),
        "fictional": listing.fictional,
        "accepting": accepting_words(listing, today),
        "checks": [check_words(candidate.credentials, today)],
        "why": [*reasons(listing, wanted, points, today), f"Points: {told or 'none'}."],
    }


def check_words(held: Iterable[Held], today: date) -> str:
    """Return whether any credential was checked, said plainly either way."""
    checked = [one.level for one in held if is_checked(one, today)]
    return LEVEL_WORDS[max(checked)] if checked else UNCHECKED


def accepting_words(listing: Listing, today: date) -> str:
    """Return whether new people are taken, with the day it was said; an old word is none."""
    said = Accepting(listing.accepting)
    if listing.fictional or said is Accepting.UNKNOWN:
        return words.ACCEPTING[said]
    if not matching.is_recent(listing.accepting_on, today, matching.ACCEPTING_DAYS):
        return words.ACCEPTING[Accepting.UNKNOWN]
    return f"{words.ACCEPTING[said]} (said on {day(listing.accepting_on or today)})"


def reasons(
    listing: Listing, wanted: Preferences, points: Mapping[str, int], today: date
) -> list[str]:
    """Return why a listing is shown where it is, from the same parts as its score."""
    told = {
        "focus": "; ".join(focus_words(listing, wanted)),
        "near": near_words(points["near"]),
        "language": f"Speaks {words.language_name(wanted.language)}",
        "cost": words.COST[Cost(listing.cost)],
        "accepting": accepting_words(listing, today),
        "way": way_words(listing, wanted),
        "trust": trust_words(listing, today),
    }
    asked = [f"It is {kind_name(listing.kind).lower()}, as you asked"] if wanted.kind else []
    said = [*asked, *(told[part] for part, given in points.items() if given)]
    return said or ["It passes everything you asked for"]


def focus_words(listing: Listing, wanted: Preferences) -> Iterator[str]:
    """Yield what the listing names of what it should be about."""
    if wanted.need in values_of(listing, Family.NEED):
        yield f"Names {needs()[wanted.need].label.lower()}"
    if wanted.goal in values_of(listing, Family.GOAL):
        yield f"Names the goal: {goals()[wanted.goal].label.lower()}"
    if wanted.approach in values_of(listing, Family.APPROACH):
        yield f"Works by {approaches.approach(wanted.approach).name}"


def way_words(listing: Listing, wanted: Preferences) -> str:
    """Return the way asked for in which it is given."""
    form = [wanted.format] if wanted.format in values_of(listing, Family.FORMAT) else []
    afar = FROM_AFAR if wanted.reach is Reach.REMOTE and listing.remote else ""
    return ". ".join(filter(None, (afar, words.sentence(words.FORMATS, form))))


def trust_words(listing: Listing, today: date) -> str:
    """Return what was checked and how fresh it is."""
    checked = (
        "A licence or title was checked"
        if matching.has_checked(candidate_of(listing), today)
        else ""
    )
    fresh = matching.is_recent(listing.confirmed_on, today, matching.FRESH_DAYS)
    confirmed = f"Confirmed on {day(listing.confirmed_on or today)}" if fresh else ""
    return ". ".join(filter(None, (checked, confirmed)))


def near_words(points: int) -> str:
    """Return a distance in bands; never nearer than that, because some places are hidden."""
    bands = sorted(DISTANCES_KM)
    number = min(len(bands) - points, len(bands) - 1)
    lower, upper = [0, *bands][number], bands[number]
    return f"{lower} to {upper} km away" if lower else f"There, or up to {upper} km away"


def funnel(found: Funnel) -> list[str]:
    """Return what each gate removed, in words; gates that removed none are left out."""
    words = {gate.name: gate.removed for gate in GATES}
    return [
        f"{'More than ' if step.more else ''}{step.listings} {words[step.gate]}"
        for step in found.removed
        if step.listings
    ]


def what_if(left: int, counts: Mapping[str, int]) -> list[str]:
    """Return how many more there would be with one wish less, where that gives any."""
    return [
        f"{WISH_WORDS[wish]}: {count - left} more" for wish, count in counts.items() if count > left
    ]


def listing_page(listing: Listing, today: date) -> Context:
    """Return everything that the page of a listing shows."""
    kind = support.kinds().get(listing.kind)
    credentials = list(listing.provider.credentials.all())
    return {
        "listing": listing,
        "kind": kind,
        "kind_name": kind_name(listing.kind),
        "place": place_words(listing),
        "district": listing.place.district if listing.place else "",
        "formats": words.sentence(words.FORMATS, values_of(listing, Family.FORMAT)),
        "access": words.sentence(words.ACCESS, values_of(listing, Family.ACCESS)),
        "payers": words.sentence(words.PAYERS, values_of(listing, Family.PAYER)),
        "needs": labels(needs(), values_of(listing, Family.NEED)),
        "goals": labels(goals(), values_of(listing, Family.GOAL)),
        "approaches": approach_names(values_of(listing, Family.APPROACH)),
        "serves": country_names(values_of(listing, Family.COUNTRY)),
        "languages": sorted(map(words.language_name, values_of(listing, Family.LANGUAGE))),
        "cost": words.COST[Cost(listing.cost)],
        "fee": offer_words.fee(listing),
        "accepting": accepting_words(listing, today),
        "wait": offer_words.wait(listing, today),
        "seats": offer_words.seats(listing, today),
        "safe_contact": words.sentence(
            offer_words.SAFE_CONTACT, values_of(listing, Family.CONTACT)
        ),
        "ages": ages(listing.minimum_age, listing.maximum_age),
        "credentials": [credential(one, today) for one in credentials],
        "unchecked": UNCHECKED,
        "dial": "".join(sign for sign in listing.phone if sign.isdigit() or sign == "+"),
        "label": label(kind) if kind else None,
        "privacy_said": privacy_said(listing),
    }


def labels(facts: Mapping[str, Need | Goal], named: Iterable[str]) -> list[str]:
    """Return the labels of needs or goals, in the order of the guide; unknown ones are left out."""
    return [one.label for one in facts.values() if one.id in set(named)]


def approach_names(named: Iterable[str]) -> list[str]:
    """Return the names of approaches, in order."""
    known = approaches.approaches()
    return sorted(known[one].name for one in named if one in known)


def country_names(codes: Iterable[str]) -> list[str]:
    """Return the names of countries, in order."""
    return sorted(countries.names().get(code, code) for code in codes)


def ages(lowest: int | None, highest: int | None) -> str:
    """Return for which ages it is, or "" where nothing is said."""
    if lowest is not None and highest is not None:
        return f"{lowest} to {highest} years"
    if lowest is not None:
        return f"From {lowest} years"
    return f"Up to {highest} years" if highest is not None else ""


def credential(one: Credential, today: date) -> Context:
    """Return who issued a licence or title, whether anybody checked it, and when."""
    held = held_of(one)
    register = registers.registers().get(one.register)
    state = state_on(held, today)
    return {
        "register": register.name if register else one.register,
        "number": one.number,
        "state": STATE_WORDS[state],
        "level": LEVEL_WORDS[held.level] if state is State.VERIFIED else "",
        "checked_on": day(one.checked_at.date()) if one.checked_at else "",
        "expires_on": day(one.expires_on) if one.expires_on else "",
        "conditions": one.conditions,
    }


def label(kind: support.KindOfSupport) -> Context:
    """Return the usual confidentiality label of a kind, for the design partial."""
    view = support.label_view(kind.label, kind.source)
    return {
        "title": f"Confidentiality: {kind.in_sentence}",
        "basis": view.basis.text,
        "who_can_see": view.who_can_see,
        "limits": [limit.named for limit in view.limits],
        "records": view.records,
        "complain": view.complain,
    }


def privacy_said(listing: Listing) -> str:
    """Return what the provider says privacy rests on, or "" where nothing is said."""
    if not listing.confidentiality:
        return ""
    return BASIS_WORDS[Basis(listing.confidentiality)]


def by_town(listings: Iterable[Listing]) -> list[Context]:
    """Return listings grouped by place; those without one come last."""
    groups: dict[str, list[Context]] = {}
    last = []
    for listing in listings:
        entry = {
            "name": listing.name,
            "url": reverse("directory:listing", args=[listing.pk]),
            "fictional": listing.fictional,
        }
        if listing.place:
            groups.setdefault(place_words(listing), []).append(entry)
        else:
            last.append(entry)
    named = [{"place": place, "listings": entries} for place, entries in groups.items()]
    return named + ([{"place": FROM_AFAR, "listings": last}] if last else [])
