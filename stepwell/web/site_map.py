"""Every part of the site on one page, grouped. Asks the database little, however large the site."""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

from stepwell.apps.magazine import queries as magazine
from stepwell.domain import countries, crisis, missing_tests
from stepwell.domain.approaches import approaches
from stepwell.domain.instruments import instruments
from stepwell.domain.professions import professions
from stepwell.domain.sections import sections
from stepwell.domain.support import kinds
from stepwell.domain.tags import tags


class Link(NamedTuple):
    """A page by name."""

    name: str
    url: str


class Group(NamedTuple):
    """Pages of one sort."""

    name: str
    links: list[Link]


MOST_AUTHORS = 500
START = (
    ("Home", "magazine:home"),
    ("The guide", "guide:start"),
    ("People and services", "directory:search"),
    ("How accurate the directory is", "directory:accuracy"),
    ("Search", "web:search"),
)
CARE = (
    ("All kinds of support", "support:index"),
    ("Psychotherapy and therapy", "support:therapy"),
    ("How private is it?", "support:confidentiality"),
)
TESTS = (("All self-tests", "selftests:index"), ("Licences of the tests", "selftests:licences"))
ABOUT = (
    ("About us", "web:about"),
    ("Contact", "contact:write"),
    ("What this is and is not", "web:what_this_is"),
    ("Privacy, and how to check it", "web:privacy"),
    ("Disclaimer", "web:disclaimer"),
    ("Who advertises here", "magazine:sponsors"),
)


def groups() -> list[Group]:
    """Return every group that holds anything."""
    found = [
        Group("Start here", _named(START)),
        Group("Help now", _help()),
        Group("Sections", _sections()),
        Group("Authors", _authors()),
        Group("Tags", _facts("magazine:tag", tags().values())),
        Group("Self-tests", [*_named(TESTS), *_tests()]),
        Group("Tags without a good free test", _missing()),
        Group("Kinds of support", [*_named(CARE), *_facts("support:kind", kinds().values())]),
        Group("Professions", _facts("support:profession", professions().values())),
        Group("Approaches", _facts("support:approach", approaches().values())),
        Group("About", _named(ABOUT)),
    ]
    return [group for group in found if group.links]


def _named(pages: Iterable[tuple[str, str]]) -> list[Link]:
    return [Link(name, reverse(route)) for name, route in pages]


def _facts(route: str, facts: Iterable[object]) -> list[Link]:
    return [Link(str(fact.name), reverse(route, args=[fact.id])) for fact in facts]  # type: ignore[attr-defined]


def _sections() -> list[Link]:
    latest = Link("Latest articles", reverse("magazine:latest"))
    return [latest, *(Link(one.name, f"/{one.id}/") for one in sections())]


def _authors() -> list[Link]:
    return [Link(one.name, one.url) for one in magazine.writing_authors()[:MOST_AUTHORS]]


def _tests() -> list[Link]:
    return [
        Link(f"{one.short_name}: {one.name}", reverse("selftests:intro", args=[one.id]))
        for one in instruments().values()
    ]


def _missing() -> list[Link]:
    return [
        Link(tags()[one].name, reverse("selftests:by_tag", args=[one]))
        for one in missing_tests.missing()
        if one in tags()
    ]


def _help() -> list[Link]:
    home = settings.HOME_COUNTRY
    codes = sorted(crisis.covered(), key=lambda code: (code != home, countries.name(code)))
    by_country = [
        Link(countries.name(code), reverse("crisis:country", args=[code.lower()])) for code in codes
    ]
    return [Link("Help now", reverse("crisis:index")), *by_country]
