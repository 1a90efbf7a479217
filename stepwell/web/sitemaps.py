"""Sitemaps for search engines: the index, and the public pages of the rooms around the magazine."""

from collections.abc import Callable, Iterable, Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from stepwell.apps.directory import landing_queries as listed
from stepwell.apps.magazine import queries as magazine
from stepwell.domain import approaches, crisis, guidance, instruments, professions, support, tags
from stepwell.web.routes import PageClass, register

# Whose own sitemaps, or no pages for people.
ROOMS_LEFT_OUT = {"magazine", "design", "api", "hsds", "wagtail_serve"}
# Public addresses that are files for programs, answers to one visitor, or pages about others.
LEFT_OUT = {
    "web:robots": "a file",
    "web:media": "files",
    "web:security": "a file",
    "web:gpc": "a file",
    "web:sitemap_index": "a sitemap",
    "web:sitemap_pages": "a sitemap",
    "support:choose": "leads on to a comparison",
    "support:compare": "thousands of pairs; every page of a kind links to its own",
    "support:compare_in": "as above, for one country",
    "support:kind_in": "the page of the kind, for one country",
    "support:profession_in": "the page of the profession, for one country",
    "selftests:paper": "the sheet of a test, linked from its page",
    "directory:kind_in_page": "linked from the first page of the country",
    "directory:town": "in files of their own, see towns()",
    "directory:town_page": "linked from the first page of the town",
    "web:sitemap_towns": "a sitemap",
}
# What stands for the arguments of a route.
ARGUMENTS: dict[str, Callable[[], Iterable[str | tuple[str, ...]]]] = {
    "crisis:country": lambda: [code.lower() for code in crisis.covered()],
    "selftests:by_tag": lambda: tags.tags(),
    "selftests:by_need": lambda: guidance.needs(),
    "selftests:intro": lambda: instruments.instruments(),
    "support:kind": lambda: support.kinds(),
    "support:profession": lambda: professions.professions(),
    "support:approach": lambda: approaches.approaches(),
    "directory:kind": lambda: kinds_with_listings(),
    "directory:kind_in": lambda: countries_with_listings(),
}
PER_FILE = 40_000  # towns; the format allows 50,000 addresses and 50 MB


def index(request: HttpRequest) -> HttpResponse:
    """Name every sitemap, each with the last change of an article in it."""
    files = [
        (reverse("web:sitemap_pages"), None),
        (reverse("magazine:sitemap_lists"), None),
        *(
            (reverse("magazine:sitemap_articles", args=[number]), changed_on)
            for number, changed_on in magazine.article_files()
        ),
        *((reverse("web:sitemap_towns", args=[number]), None) for number in town_files()),
        (reverse("magazine:sitemap_news"), None),
    ]
    return _xml(request, "sitemap_index", {"files": files})


def pages(request: HttpRequest) -> HttpResponse:
    """List the public pages of the other rooms, from the register of routes."""
    return _xml(request, "sitemap_pages", {"paths": sorted(set(public_paths()))})


def towns(request: HttpRequest, number: int) -> HttpResponse:
    """List a part of the towns in which something is listed today that is no example."""
    first = (number - 1) * PER_FILE
    found = listed.real_towns(timezone.localdate())[first : first + PER_FILE] if number else ()
    paths = [
        reverse("directory:town", args=[kind, country.lower(), slug])
        for kind, country, slug in found
    ]
    if not paths and number != 1:
        raise Http404("No such file.")
    return _xml(request, "sitemap_pages", {"paths": paths})


def town_files() -> range:
    """Return the numbers of the files that list towns; there is always a first one."""
    count = listed.real_towns(timezone.localdate()).count()
    return range(1, max(1, -(-count // PER_FILE)) + 1)


def kinds_with_listings() -> list[str]:
    """Return the kinds of which something is listed today that is no example."""
    return sorted({kind for kind, _, _ in listed.real_countries(timezone.localdate())})


def countries_with_listings() -> Iterator[tuple[str, ...]]:
    """Yield kind and country in small letters of everything of the same sort."""
    found = {(kind, country) for kind, country, _ in listed.real_countries(timezone.localdate())}
    yield from ((kind, country.lower()) for kind, country in sorted(found))


def public_paths() -> Iterator[str]:
    """Yield the path of every public page for people outside the magazine."""
    for name in listed_routes():
        arguments = ARGUMENTS.get(name)
        if arguments is None:
            yield reverse(name)
        else:
            for one in arguments():
                yield reverse(name, args=[one] if isinstance(one, str) else one)


def listed_routes() -> list[str]:
    """Return the routes whose pages stand in the sitemap."""
    return [
        route.name
        for route in register().routes
        if route.page_class is PageClass.PUBLIC
        and "visitor" in route.roles
        and "GET" in route.methods
        and route.name not in LEFT_OUT
        and route.name.partition(":")[0] not in ROOMS_LEFT_OUT
    ]


def _xml(request: HttpRequest, name: str, shown: dict[str, object]) -> HttpResponse:
    return render(request, f"web/{name}.xml", shown, content_type="application/xml")
