"""The magazine's sections: a small vocabulary that every page's masthead shows."""

from typing import Annotated

from pydantic import Field

from stepwell.domain import loading
from stepwell.domain.sources import FactId, Frozen, Text


class Section(Frozen):
    """One section: its id is also its address; `hue` is an angle in degrees."""

    id: FactId
    name: Text
    one_line: Text
    hue: Annotated[int, Field(ge=0, lt=360)]


class _Sections(Frozen):
    sections: tuple[Section, ...]


@loading.remembered
def sections() -> tuple[Section, ...]:
    """Return the sections in the order of the masthead."""
    found = loading.read(loading.path("sections.toml"), _Sections)
    return found.sections
