"""What a visitor chooses to compare. It stores nothing and asks nothing about them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from stepwell.domain import professions, support
from stepwell.domain.jurisdictions import jurisdictions

MISSING = "Choose two of one sort: two kinds of support, or two professions."
TWICE = "You chose the same one twice. Choose two different ones."


@dataclass(frozen=True, slots=True)
class Choice:
    """Two ids and a country as they were sent, with where they lead or what is missing."""

    a: str
    b: str
    country: str
    address: str
    problem: str

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "Choice":
        """Return what was sent; ids and countries that we do not know count as not chosen."""
        known = support.kinds().keys() | professions.professions().keys()
        a, b = (sent.get(key, "") if sent.get(key, "") in known else "" for key in ("a", "b"))
        country = sent.get("country", "")
        country = country if country in jurisdictions() else ""
        problem = _problem(a, b)
        address = "" if problem else _address(a, b, country)
        return cls(a=a, b=b, country=country, address=address, problem=problem if sent else "")


def _problem(a: str, b: str) -> str:
    if a and a == b:
        return TWICE
    if not a or not b or (a in support.kinds()) != (b in support.kinds()):
        return MISSING
    return ""


def _address(a: str, b: str, country: str) -> str:
    if country:
        return reverse("support:compare_in", args=[a, b, country.lower()])
    return reverse("support:compare", args=[a, b])
