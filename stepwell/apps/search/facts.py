"""The facts as documents: kinds of support, professions, approaches, self-tests."""

from collections.abc import Iterator

from django.urls import reverse

from stepwell.apps.search.documents import Document
from stepwell.domain import guide_facts
from stepwell.domain.approaches import Approach, Role, approaches, evidence
from stepwell.domain.dimensions import STRICT, Dimension, Dimensions
from stepwell.domain.instrument_schema import Instrument
from stepwell.domain.instruments import instruments
from stepwell.domain.professions import Profession, professions
from stepwell.domain.sources import Checked
from stepwell.domain.support import KindOfSupport, kinds

FAMILIES = ("kind", "profession", "approach", "selftest")
# What something is not for stays out: whoever looks for that should not be sent there.
# So does what may not be shown when it was only recalled.
TOLD = tuple(one for one in Dimension if one not in {*STRICT, Dimension.LIMITS})
NAMED_FOR = frozenset({Role.FIRST_LINE, Role.OPTION, Role.SECOND_LINE})


def documents() -> Iterator[Document]:
    """Yield every fact that readers find; one that is retired is left out."""
    yield from (_kind(one) for one in kinds().values() if not one.retired_on)
    yield from (_profession(one) for one in professions().values() if not one.retired_on)
    yield from (_approach(one) for one in approaches().values() if not one.retired_on)
    yield from (_test(one) for one in instruments().values() if not one.retired_on)


def _kind(one: KindOfSupport) -> Document:
    return Document(
        family="kind",
        key=one.id,
        title=one.name,
        summary=one.one_line,
        body=_plain(one.dimensions),
        url=reverse("support:kind", args=[one.id]),
    )


def _profession(one: Profession) -> Document:
    return Document(
        family="profession",
        key=one.id,
        title=one.name,
        summary=one.one_line,
        body=_plain(one.dimensions),
        url=reverse("support:profession", args=[one.id]),
    )


def _approach(one: Approach) -> Document:
    names = ", ".join(one.also_called)
    return Document(
        family="approach",
        key=one.id,
        title=f"{one.name} ({names})" if names else one.name,
        summary=one.one_line,
        body=f"{one.what_happens} {one.delivered_by} {_named_for(one)}",
        url=reverse("support:approach", args=[one.id]),
    )


def _test(one: Instrument) -> Document:
    named = guide_facts.needs()
    needs = " ".join(f"{named[n].label} {named[n].hint}" for n in one.needs if n in named)
    short = "" if one.short_name in one.name else f" ({one.short_name})"
    return Document(
        family="selftest",
        key=one.id,
        title=f"{one.name}{short}",
        summary=one.measures,
        body=f"{needs} {one.for_whom} self-test questionnaire",
        tags=one.tags,
        url=reverse("selftests:intro", args=[one.id]),
    )


def _plain(dimensions: Dimensions) -> str:
    return " ".join(getattr(dimensions, dimension.value).text for dimension in TOLD)


def _named_for(one: Approach) -> str:
    """Return the conditions for which a guideline that was opened names an approach."""
    return ". ".join(
        row.condition
        for row in evidence()
        if row.approach == one.id
        and row.role in NAMED_FOR
        and row.source.checked is not Checked.RECALLED
    )
