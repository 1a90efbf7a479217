"""What the help pages show: a country's numbers, and the list of countries to choose from."""

import unicodedata
from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse

from stepwell.domain import countries, crisis
from stepwell.domain.loading import remembered


class Choice(NamedTuple):
    """One country in the list: its name, its code in small letters, its page's address."""

    name: str
    cc: str
    address: str


def page(country: str, today: date) -> dict[str, Any]:
    """Return the numbers of one country, or of none, and every country to choose instead.

    The list is on every page: one request is enough, and pages differ little in size.
    """
    full = set(crisis.covered())
    return {
        "help": crisis.help_for(country, today=today),
        "covered": [choice for choice in choices() if choice.cc.upper() in full],
        "others": [choice for choice in choices() if choice.cc.upper() not in full],
    }


@remembered
def choices() -> tuple[Choice, ...]:
    """Return every country by name, accents not counted (Åland stands at A)."""
    by_name = sorted(countries.names().items(), key=lambda item: _without_accents(item[1]))
    found = [(name, code.lower()) for code, name in by_name]
    return tuple(Choice(name, cc, reverse("crisis:country", args=[cc])) for name, cc in found)


def _without_accents(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
