"""What several pages of the room say in the same words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from stepwell.apps.directory import offer_words, words
from stepwell.apps.directory.models import Credential, Family, Listing
from stepwell.apps.directory.queries import held_of, values_of
from stepwell.domain import countries, matching, support
from stepwell.domain.credentials import LEVEL_WORDS, Level, is_checked
from stepwell.domain.offers import Accepting, Cost

Context = dict[str, Any]
FROM_AFAR = "By phone, video or text"
UNCHECKED = "Nobody here has checked a licence or title of this provider."
HIDDEN_ADDRESS = " (the address is not published)"
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def day(moment: date) -> str:
    """Return a date in words."""
    return f"{moment.day} {moment:%B %Y}"


def counted(number: int, one: str, several: str) -> str:
    """Return how many there are, small numbers in words: "Three listings"."""
    shown = NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"
    return f"{shown} {one if number == 1 else several}"


def kind_name(kind_id: str) -> str:
    """Return a kind's name; its id where a host has taken the fact away."""
    kind = support.kinds().get(kind_id)
    return kind.name if kind else kind_id.replace("_", " ").capitalize()


def country_name(code: str) -> str:
    """Return a country's name; its code where we know none."""
    return countries.names().get(code, code)


def place_words(listing: Listing) -> str:
    """Return where it is, as coarsely as it may be said."""
    place = listing.place
    if place is None:
        return FROM_AFAR
    return f"{place.town}, {country_name(place.country)}{HIDDEN_ADDRESS if place.redacted else ''}"


def languages_of(listing: Listing) -> list[str]:
    """Return the names of the languages that are spoken."""
    return sorted(map(words.language_name, values_of(listing, Family.LANGUAGE)))


def cost_words(listing: Listing) -> str:
    """Return what it costs, as far as the provider says."""
    fee = offer_words.fee(listing)
    return ". ".join(filter(None, (words.COST[Cost(listing.cost)], fee)))


def accepting_words(listing: Listing, today: date) -> str:
    """Return whether new people are taken, with the day it was said; an old word is none."""
    said = Accepting(listing.accepting)
    if listing.fictional or said is Accepting.UNKNOWN:
        return words.ACCEPTING[said]
    if not matching.is_recent(listing.accepting_on, today, matching.ACCEPTING_DAYS):
        return words.ACCEPTING[Accepting.UNKNOWN]
    return f"{words.ACCEPTING[said]} (said on {day(listing.accepting_on or today)})"


def best_check(credentials: Iterable[Credential], today: date) -> Credential | None:
    """Return the credential in force that was checked most thoroughly, or None."""
    checked = [one for one in credentials if is_checked(held_of(one), today)]
    return max(checked, key=lambda one: (one.level, one.number), default=None)


def check_words(best: Credential | None) -> str:
    """Return who checked a credential and when, said plainly where nobody has."""
    if best is None:
        return UNCHECKED
    when = f" On {day(best.checked_at.date())}." if best.checked_at else ""
    return f"{LEVEL_WORDS[Level(best.level)]}{when}"
