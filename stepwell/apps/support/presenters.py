"""Facts turned into what the templates of the map of care show. No queries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from stepwell.apps.support.forms import Choice
from stepwell.domain import approaches, comparing, countries, professions, support
from stepwell.domain.approaches import FAMILY_NAMES as APPROACH_FAMILIES
from stepwell.domain.approaches import FORMAT_WORDS, Approach
from stepwell.domain.comparing import Compared, Comparison
from stepwell.domain.dimensions import NAMES, ConfidentialityLabel
from stepwell.domain.guide_facts import levels
from stepwell.domain.jurisdictions import jurisdictions, pack_of
from stepwell.domain.professions import Profession
from stepwell.domain.sources import Cell, CellState, Source
from stepwell.domain.support import FAMILY_NAMES, KindOfSupport, Psychotherapy
from stepwell.domain.verdicts import place

Context = dict[str, Any]
HOME = ("Kinds of support", "support:index")
PROFESSIONS = ("Professions", "support:professions")
APPROACHES = ("Approaches", "support:approaches")

# Kinds that people mix up with many others: offered on every kind's page to compare with.
OFTEN_COMPARED = ("psychotherapy", "counselling", "life_coaching", "peer_support")
OFTEN_COMPARED_PROFESSIONS = (
    "clinical_psychologist",
    "psychotherapist",
    "counsellor",
    "life_coach",
)
NEIGHBOURS = 6

PSYCHOTHERAPY_WORDS = {
    Psychotherapy.YES: "Psychotherapy",
    Psychotherapy.MAY: "Psychotherapy or not: it depends on country and licence",
    Psychotherapy.NO: "Not psychotherapy",
}


def index_page() -> Context:
    """Return every kind by family and by level."""
    found = support.kinds().values()
    families = [
        {"name": name, "kinds": [kind for kind in found if kind.family is family]}
        for family, name in FAMILY_NAMES.items()
    ]
    steps = [
        {"level": level, "kinds": [kind for kind in found if level.number in kind.levels]}
        for level in levels().values()
    ]
    return {
        "families": families,
        "steps": steps,
        "form": _choosing(Choice.read({})),
        "crumbs": _crumbs("Kinds of support"),
        "canonical": _absolute(reverse("support:index")),
    }


def kind_page(kind: KindOfSupport, country: str | None) -> Context:
    """Return one kind, with who gives it in `country`, an ISO code or None."""
    others = [found.id for found in support.kinds().values() if found.family is kind.family]
    return {
        "kind": kind,
        "facts": _facts(kind),
        "chips": _chips(kind),
        "steps": list(levels().values()),
        "low": kind.levels[0],
        "high": kind.levels[-1],
        "label": label(kind.label, kind.source),
        "given_by": [_giver(found, country) for found in kind.given_by_in(country)],
        "given_by_cell": comparing.given_by(kind, country),
        "country": country_choice("support:kind", [kind.id], country),
        "neighbours": _neighbours(kind.id, [*others, *OFTEN_COMPARED], support.kinds(), country),
        "approaches": [
            found for found in approaches.approaches().values() if kind.id in found.kinds
        ],
        "sources": _sources(kind),
        "crumbs": _crumbs(kind.name, HOME),
        "canonical": _canonical("support:kind", [kind.id], country),
    }


def profession_page(profession: Profession, country: str | None) -> Context:
    """Return one profession, with its title and registers in `country`, or what holds anywhere."""
    return {
        "profession": profession,
        "facts": _facts(profession),
        "title": professions.title_in(profession.id, country),
        "diagnosing": profession.diagnosing(),
        "prescribing": profession.prescribing(),
        "registers": professions.registers_for(profession.id, country),
        "check": professions.how_to_check(country),
        "label": label(profession.label, profession.source),
        "kinds": [support.kind(kind_id) for kind_id in profession.kinds],
        "country": country_choice("support:profession", [profession.id], country),
        "neighbours": _neighbours(
            profession.id,
            [*_same_kinds(profession), *OFTEN_COMPARED_PROFESSIONS],
            professions.professions(),
            country,
        ),
        "sources": _sources(profession),
        "crumbs": _crumbs(profession.name, HOME, PROFESSIONS),
        "canonical": _canonical("support:profession", [profession.id], country),
    }


def professions_page() -> Context:
    """Return every profession: those with rules in law somewhere, and the others."""
    found = sorted(professions.professions().values(), key=lambda one: one.name)
    return {
        "regulated": [one for one in found if one.regulated],
        "others": [one for one in found if not one.regulated],
        "form": _choosing(Choice.read({})),
        "packs": _by_name(jurisdictions().values()),
        "crumbs": _crumbs("Professions", HOME),
        "canonical": _absolute(reverse("support:professions")),
    }


def approaches_page() -> Context:
    """Return every approach by family; families without one are left out."""
    found = approaches.approaches().values()
    families = [
        {"name": name, "approaches": [one for one in found if one.family is family]}
        for family, name in APPROACH_FAMILIES.items()
    ]
    return {
        "families": [family for family in families if family["approaches"]],
        "crumbs": _crumbs("Approaches", HOME),
        "canonical": _absolute(reverse("support:approaches")),
    }


def approach_page(approach: Approach) -> Context:
    """Return one approach with the evidence rows about it."""
    rows = [row for row in approaches.evidence() if row.approach == approach.id]
    return {
        "approach": approach,
        "formats": ", ".join(FORMAT_WORDS[found] for found in approach.formats),
        "psychotherapy": PSYCHOTHERAPY_WORDS[approach.is_psychotherapy],
        "rows": rows,
        "kinds": [support.kind(kind_id) for kind_id in approach.kinds],
        "alike": [
            found
            for found in approaches.approaches().values()
            if found.family is approach.family and found.id != approach.id
        ],
        "sources": [approach.source],
        "crumbs": _crumbs(approach.name, HOME, APPROACHES),
        "canonical": _absolute(reverse("support:approach", args=[approach.id])),
    }


def compare_page(comparison: Comparison) -> Context:
    """Return two of one family side by side, with the sources of what is shown."""
    a, b = comparison.a, comparison.b
    ids = [a.id, b.id]
    kinds = comparison.family is Compared.KINDS
    name = f"{a.name} or {b.in_sentence}?"
    heading = name if kinds else f"Is {a.in_sentence} the same as {b.in_sentence}?"
    return {
        "comparison": comparison,
        "heading": heading,
        "kinds": kinds,
        "rows": _rows(comparison.rows),
        "by_country": _rows(comparison.by_country),
        "country": country_choice("support:compare", ids, comparison.country),
        "form": _choosing(Choice.read({"a": a.id, "country": comparison.country or ""})),
        "sources": _distinct([a.source, b.source, *_of_cells(comparison.cells)]),
        "crumbs": _crumbs("Compare", HOME) if kinds else _crumbs("Compare", HOME, PROFESSIONS),
        "canonical": _canonical("support:compare", sorted(ids), comparison.country),
    }


def confidentiality_page() -> Context:
    """Return the limits, and kinds by what their privacy rests on."""
    views = [
        (kind, support.label_view(kind.label, kind.source)) for kind in support.kinds().values()
    ]
    bases: dict[str, list[KindOfSupport]] = {}
    for kind, view in views:
        if view.basis.state is CellState.CHECKED:
            bases.setdefault(view.basis.text.rstrip("."), []).append(kind)
    unknown = [kind for kind, view in views if view.basis.state is not CellState.CHECKED]
    example = support.kind("psychotherapy")
    return {
        "limits": [{"limit": found, "told": found.cell()} for found in support.limits().values()],
        "bases": bases,
        "unknown": unknown,
        "label": label(example.label, example.source),
        "sources": _distinct(
            found.source
            for found in support.limits().values()
            if found.cell().state is CellState.CHECKED
        ),
        "crumbs": _crumbs("Confidentiality", HOME),
        "canonical": _absolute(reverse("support:confidentiality")),
    }


def therapy_page() -> Context:
    """Return the map: every kind in one of four fields, by two facts that it states."""
    kinds = support.kinds().values()
    return {
        "psychotherapy": [kind for kind in kinds if kind.is_psychotherapy is Psychotherapy.YES],
        "may_be": [kind for kind in kinds if kind.is_psychotherapy is Psychotherapy.MAY],
        "other_treatment": [kind for kind in kinds if _other_treatment(kind)],
        "support": [kind for kind in kinds if _support_only(kind)],
        "facts": _facts(support.kind("psychotherapy")),
        "sources": _sources(support.kind("psychotherapy")),
        "crumbs": _crumbs("Psychotherapy and therapy", HOME),
        "canonical": _absolute(reverse("support:therapy")),
    }


def choose_page(choice: Choice) -> Context:
    """Return the form to pick two, with what is missing."""
    return {
        "form": _choosing(choice),
        "crumbs": _crumbs("Compare two", HOME),
        "canonical": _absolute(reverse("support:choose")),
    }


def label(found: ConfidentialityLabel, source: Source) -> Context:
    """Return a confidentiality label for the design partial."""
    view = support.label_view(found, source)
    return {
        "title": "Confidentiality",
        "basis": view.basis.text,
        "who_can_see": view.who_can_see,
        "limits": [limit.named for limit in view.limits],
        "records": view.records,
        "complain": view.complain,
    }


def country_choice(route: str, ids: Sequence[str], country: str | None) -> Context:
    """Return the countries we hold rules for, each with this page's address there."""
    packs = [
        {
            "name": pack.name,
            "url": reverse(f"{route}_in", args=[*ids, pack.code.lower()]),
            "current": pack.code == country,
        }
        for pack in _by_name(jurisdictions().values())
    ]
    return {
        "code": (country or "").lower(),
        "name": countries.name(country) if country else "",
        "where": place(countries.name(country)) if country else "",
        "known": pack_of(country) is not None,
        "packs": packs,
        "anywhere": reverse(route, args=list(ids)),
    }


def _facts(fact: KindOfSupport | Profession) -> list[tuple[str, Cell]]:
    return [(NAMES[dimension], told) for dimension, told in fact.dimensions.cells(fact.source)]


def _chips(kind: KindOfSupport) -> list[str]:
    clinical = "Treatment by professionals" if kind.clinical else "Not treatment"
    person = "With a person" if kind.with_a_person else "On your own"
    return [PSYCHOTHERAPY_WORDS[kind.is_psychotherapy], clinical, person]


def _giver(profession_id: str, country: str | None) -> Context:
    profession = professions.profession(profession_id)
    route = "support:profession_in" if country else "support:profession"
    args = [profession_id, country.lower()] if country else [profession_id]
    return {
        "name": profession.name,
        "url": reverse(route, args=args),
        "title": professions.title_in(profession_id, country) if country else None,
    }


def _same_kinds(profession: Profession) -> list[str]:
    """Return professions that give one of the same kinds, most kinds in common first."""
    mine = set(profession.kinds)
    common = {
        other.id: len(mine & set(other.kinds))
        for other in professions.professions().values()
        if other.id != profession.id
    }
    return sorted((one for one in common if common[one]), key=lambda one: (-common[one], one))[:4]


def _neighbours(
    fact_id: str,
    others: Iterable[str],
    facts: Mapping[str, KindOfSupport] | Mapping[str, Profession],
    country: str | None,
) -> list[Context]:
    """Return what to compare with: the first few of `others`, each once, without itself."""
    chosen = [other for other in dict.fromkeys(others) if other != fact_id][:NEIGHBOURS]
    route, tail = ("support:compare_in", [country.lower()]) if country else ("support:compare", [])
    return [
        {"name": facts[other].name, "url": reverse(route, args=[fact_id, other, *tail])}
        for other in chosen
    ]


def _rows(rows: Sequence[comparing.Row]) -> list[Context]:
    return [
        {"name": row.name, "first": row.a, "second": row.b, "differs": row.differs} for row in rows
    ]


def _choosing(choice: Choice) -> Context:
    return {
        "choice": choice,
        "kinds": sorted(support.kinds().values(), key=lambda one: one.name),
        "professions": sorted(professions.professions().values(), key=lambda one: one.name),
        "packs": _by_name(jurisdictions().values()),
    }


def _other_treatment(kind: KindOfSupport) -> bool:
    return kind.is_psychotherapy is Psychotherapy.NO and kind.clinical


def _support_only(kind: KindOfSupport) -> bool:
    return kind.is_psychotherapy is Psychotherapy.NO and not kind.clinical


def _sources(fact: KindOfSupport | Profession) -> list[Source]:
    """Return the sources of what the page shows: the file's first, each once."""
    view = support.label_view(fact.label, fact.source)
    told = [told for _, told in fact.dimensions.cells(fact.source)]
    told += [view.basis, view.who_can_see, view.records, view.complain]
    told += [limit.told for limit in view.limits]
    return _distinct([fact.source, *_of_cells(told)])


def _of_cells(cells: Iterable[Cell]) -> list[Source]:
    return [told.source for told in cells if told.source]


def _distinct(sources: Iterable[Source]) -> list[Source]:
    return list({source.citation: source for source in sources}.values())


def _by_name(packs: Iterable[Any]) -> list[Any]:
    return sorted(packs, key=lambda pack: pack.name)


def _crumbs(name: str, *above: tuple[str, str]) -> list[tuple[str, str]]:
    trail = [("Home", "/"), *((title, reverse(route)) for title, route in above)]
    return [*trail, (name, "")]


def _canonical(route: str, ids: Sequence[str], country: str | None) -> str:
    """Return the one address of a page; a country without rules has the page without one."""
    if country and pack_of(country):
        return _absolute(reverse(f"{route}_in", args=[*ids, country.lower()]))
    return _absolute(reverse(route, args=list(ids)))


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
