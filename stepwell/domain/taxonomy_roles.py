"""Which role a taxonomy code of a provider register stands for.

A code is what its holder declares. It may point to professions and kinds of
support; it never shows that somebody holds a title.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from stepwell.domain import loading, professions, support
from stepwell.domain.errors import FactError
from stepwell.domain.sources import Checked, FactId, Frozen, Source

FILE = "taxonomy_roles.toml"
Code = Annotated[str, Field(pattern=r"^[0-9A-Z]{9}X$")]


class Regulation(StrEnum):
    """What usually stands behind a role in the United States. States differ."""

    LICENSED = "licensed"
    CERTIFIED = "certified"
    PEER = "peer"
    UNREGULATED = "unregulated"
    FACILITY = "facility"
    GROUP = "group"


class Role(Frozen):
    """A role with its codes, and the professions and kinds of support it may point to."""

    id: FactId
    regulation: Regulation
    professions: tuple[FactId, ...] = ()
    kinds: tuple[FactId, ...] = ()
    codes: Annotated[tuple[Code, ...], Field(min_length=1)]


class _Roles(Frozen):
    id: FactId
    source: Source
    roles: tuple[Role, ...]


@loading.remembered
def file() -> _Roles:
    """Return the file facts/taxonomy_roles.toml."""
    return loading.read(loading.path(FILE), _Roles)


@loading.remembered
def by_code() -> Mapping[str, Role]:
    """Return each role by each of its codes."""
    return MappingProxyType({code: role for role in file().roles for code in role.codes})


def roles_of(codes: Iterable[str]) -> tuple[Role, ...]:
    """Return the roles that codes stand for, each once, in the order of the codes."""
    known = by_code()
    found = {known[code].id: known[code] for code in codes if code in known}
    return tuple(found.values())


def professions_of(codes: Iterable[str]) -> frozenset[str]:
    """Return the professions that codes may point to; none for codes we do not know."""
    return frozenset(one for role in roles_of(codes) for one in role.professions)


def check() -> None:
    """Raise FactError when a code has two roles, or a role points to what is not there."""
    seen: dict[str, str] = {}
    for role in file().roles:
        loading.check_known(
            FILE, f"{role.id}.professions", role.professions, professions.professions()
        )
        loading.check_known(FILE, f"{role.id}.kinds", role.kinds, support.kinds())
        for code in role.codes:
            if code in seen:
                raise FactError(
                    f"{FILE}: {role.id}.codes: {code} stands under {seen[code]} too. "
                    "Keep it in one of the two."
                )
            seen[code] = role.id


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how the codes were checked."""
    return {"taxonomy codes": {file().source.checked: len(by_code())}}
