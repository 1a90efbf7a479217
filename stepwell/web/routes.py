"""Every route declares a class (TRUST 0): public, sensitive or sealed.

`config/routes.toml` is the register. A route that is not in it fails the build
and the start.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver

from stepwell.domain import loading
from stepwell.domain.sources import Frozen

REGISTER = Path(__file__).parent.parent / "config" / "routes.toml"


class PageClass(StrEnum):
    """What may be done with a page: cached by anyone, by nobody, or sealed."""

    PUBLIC = "public"
    SENSITIVE = "sensitive"
    SEALED = "sealed"


class Route(Frozen):
    """One route by its view name (`room:name`), with who may use it and how."""

    name: str
    page_class: PageClass
    roles: tuple[str, ...] = ("visitor",)
    methods: tuple[str, ...] = ("GET",)
    urgent: bool = False  # answered however many there are (crowding)
    stored: bool = False  # kept in the page store; its reads name what they show
    may_lag: bool = False  # only reads, and may show what was true some seconds ago


class Group(Frozen):
    """Routes that another library owns, by the start of their path."""

    prefix: str
    page_class: PageClass
    roles: tuple[str, ...]
    policy: str = "site"


class Register(Frozen):
    """All routes and groups."""

    routes: tuple[Route, ...]
    groups: tuple[Group, ...] = ()


@cache
def register() -> Register:
    """Return the register of routes."""
    return loading.read(REGISTER, Register)


@cache
def _by_name() -> dict[str, Route]:
    return {route.name: route for route in register().routes}


def route_of(request: HttpRequest) -> Route | None:
    """Return the declared route that answers this request, if one does."""
    match = request.resolver_match
    return route_named(match.view_name) if match else None


def route_named(name: str) -> Route | None:
    """Return the declared route of this view name."""
    return _by_name().get(name)


def group_of(path: str) -> Group | None:
    """Return the group that a path (without leading slash) belongs to."""
    return next((group for group in register().groups if path.startswith(group.prefix)), None)


def all_routes() -> Iterator[tuple[str, str]]:
    """Yield (view name, path pattern) of every route that the URL resolver knows."""
    yield from _walk(get_resolver(), "", "")


def undeclared() -> list[str]:
    """Return routes that are in no entry of the register, as name and pattern."""
    return [
        f"{name or '(no name)'} at /{pattern}"
        for name, pattern in all_routes()
        if name not in _by_name() and group_of(pattern) is None
    ]


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name or ''}", pattern
