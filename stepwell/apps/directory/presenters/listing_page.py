"""The page of one listing: what it is, who checked what and when, and how to reach it."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.urls import reverse

from stepwell.apps.directory import offer_words, words
from stepwell.apps.directory.models import Credential, Family, Listing
from stepwell.apps.directory.presenters.wording import (
    HIDDEN_ADDRESS,
    UNCHECKED,
    Context,
    accepting_words,
    best_check,
    check_words,
    cost_words,
    country_name,
    day,
    kind_name,
    languages_of,
    place_words,
)
from stepwell.apps.directory.queries import held_of, values_of
from stepwell.domain import approaches, registers, support
from stepwell.domain.credentials import LEVEL_WORDS, STATE_WORDS, State, is_checked, state_on
from stepwell.domain.dimensions import BASIS_WORDS, Basis, Dimension
from stepwell.domain.guide_facts import Goal, Need, goals, needs
from stepwell.domain.sources import Cell

Pairs = list[tuple[str, str]]


def listing_page(listing: Listing, today: date) -> Context:
    """Return everything that the page of a listing shows."""
    kind = support.kinds().get(listing.kind)
    credentials = list(listing.provider.credentials.all())
    best = best_check(credentials, today)
    return {
        "crumbs": crumbs(listing),
        "listing": listing,
        "kind": kind,
        "kind_name": kind_name(listing.kind),
        "place": place_words(listing),
        "checked": best is not None,
        "check": check_words(best),
        "offer": offer(listing),
        "cost": cost(listing),
        "coming": coming(listing, today),
        "approaches": approach_links(values_of(listing, Family.APPROACH)),
        "credentials": [credential(one, today) for one in credentials],
        "unchecked": UNCHECKED,
        "reachable": may_be_reached(credentials, today),
        "dial": "".join(sign for sign in listing.phone if sign.isdigit() or sign == "+"),
        "safe_contact": words.sentence(
            offer_words.SAFE_CONTACT, values_of(listing, Family.CONTACT)
        ),
        "limits": limits(kind) if kind else None,
        "label": label(kind) if kind else None,
        "privacy_said": privacy_said(listing),
        "confirmed": day(listing.confirmed_on) if listing.confirmed_on else "",
    }


def in_words(listing: Listing, today: date) -> Context:
    """Return what a listing says, each thing by itself, for tables that people read."""
    return {
        "kind_name": kind_name(listing.kind),
        "place": place_words(listing),
        "district": listing.place.district if listing.place else "",
        "serves": served(listing),
        "formats": words.sentence(words.FORMATS, values_of(listing, Family.FORMAT)),
        "languages": languages_of(listing),
        "ages": ages(listing.minimum_age, listing.maximum_age),
        "access": words.sentence(words.ACCESS, values_of(listing, Family.ACCESS)),
        "approaches": [name for name, _ in approach_links(values_of(listing, Family.APPROACH))],
        "needs": labels(needs(), values_of(listing, Family.NEED)),
        "goals": labels(goals(), values_of(listing, Family.GOAL)),
        "payers": words.sentence(words.PAYERS, values_of(listing, Family.PAYER)),
        "accepting": accepting_words(listing, today),
        "credentials": [credential(one, today) for one in listing.provider.credentials.all()],
    }


def crumbs(listing: Listing) -> Pairs:
    """Return the way to a listing, past the page of its kind where we know the kind."""
    kind = (kind_name(listing.kind), reverse("directory:kind", args=[listing.kind]))
    between = [kind] if listing.kind in support.kinds() else []
    return [("Find someone", reverse("directory:search")), *between, (listing.name, "")]


def offer(listing: Listing) -> Pairs:
    """Return what is offered, where and for whom; what is not said is left out."""
    person = " (one person)" if listing.provider.type == "person" else ""
    pairs = [
        ("Offered by", f"{listing.provider.name}{person}"),
        ("Where", area(listing)),
        ("How", words.sentence(words.FORMATS, values_of(listing, Family.FORMAT))),
        ("By phone, video or text for people in", joined(served(listing))),
        ("For whom", ages(listing.minimum_age, listing.maximum_age)),
        ("About", joined(labels(needs(), values_of(listing, Family.NEED)))),
        ("So that", joined(labels(goals(), values_of(listing, Family.GOAL)))),
        ("Languages", joined(languages_of(listing))),
        (
            "Getting there and taking part",
            words.sentence(words.ACCESS, values_of(listing, Family.ACCESS)),
        ),
    ]
    return [(name, told) for name, told in pairs if told]


def area(listing: Listing) -> str:
    """Return where it is as an address reads, down to the street where it may be told."""
    place = listing.place
    if place is None:
        return place_words(listing)
    parts = (place.street, place.town, place.district, place.region, country_name(place.country))
    told = joined(filter(None, dict.fromkeys(parts)))
    return f"{told}{HIDDEN_ADDRESS if place.redacted else ''}"


def cost(listing: Listing) -> Pairs:
    """Return what it costs and who may pay."""
    payers = words.sentence(words.PAYERS, values_of(listing, Family.PAYER))
    pairs = [
        ("Price", cost_words(listing)),
        ("They add", listing.cost_note),
        ("Who may pay", payers or "They name nobody. Ask your insurer or health service."),
    ]
    return [(name, told) for name, told in pairs if told]


def coming(listing: Listing, today: date) -> Pairs:
    """Return whether and when somebody can come."""
    pairs = [
        ("New people", accepting_words(listing, today)),
        ("Waiting time", offer_words.wait(listing, today)),
        ("Places in the group", offer_words.seats(listing, today)),
    ]
    return [(name, told) for name, told in pairs if told]


def joined(parts: Iterable[str]) -> str:
    """Return parts as a list in words."""
    return ", ".join(parts)


def labels(facts: Mapping[str, Need | Goal], named: Iterable[str]) -> list[str]:
    """Return the labels of needs or goals, in the order of the guide; unknown ones are left out."""
    chosen = set(named)
    return [one.label for one in facts.values() if one.id in chosen]


def approach_links(named: Iterable[str]) -> Pairs:
    """Return the approaches by name, each with the page that says what evidence it has."""
    known = approaches.approaches()
    found = sorted((known[one].name, one) for one in named if one in known)
    return [(name, reverse("support:approach", args=[one])) for name, one in found]


def served(listing: Listing) -> list[str]:
    """Return the countries whose people are served from afar, in order."""
    return sorted(map(country_name, values_of(listing, Family.COUNTRY)))


def ages(lowest: int | None, highest: int | None) -> str:
    """Return for which ages it is, or "" where nothing is said."""
    if lowest is not None and highest is not None:
        return f"{lowest} to {highest} years"
    if lowest is not None:
        return f"From {lowest} years"
    return f"Up to {highest} years" if highest is not None else ""


def credential(one: Credential, today: date) -> Context:
    """Return who issued a licence or title, whether anybody checked it, when, and when again."""
    seen = held_of(one)
    register = registers.registers().get(one.register)
    state = state_on(seen, today)
    return {
        "register": register.name if register else one.register,
        "look_up": registers.view(register).lookup_url if register else "",
        "number": one.number,
        "jurisdiction": one.jurisdiction,
        "state": STATE_WORDS[state],
        "level": LEVEL_WORDS[seen.level] if state is State.VERIFIED else "",
        "checked": is_checked(seen, today),
        "checked_on": day(one.checked_at.date()) if one.checked_at else "",
        "next_check_on": day(one.next_check_on) if one.next_check_on else "",
        "expires_on": day(one.expires_on) if one.expires_on else "",
        "conditions": one.conditions,
    }


def may_be_reached(credentials: Iterable[Credential], today: date) -> bool:
    """Say whether the ways to reach them are shown: nothing ended, no check is overdue."""
    return not any(
        state_on(held_of(one), today) is State.EXPIRED
        or (one.next_check_on is not None and one.next_check_on < today)
        for one in credentials
    )


def limits(kind: support.KindOfSupport) -> Cell:
    """Return what a kind of support is not for."""
    return dict(kind.dimensions.cells(kind.source))[Dimension.LIMITS]


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
    return BASIS_WORDS[Basis(listing.confidentiality)] if listing.confidentiality else ""
