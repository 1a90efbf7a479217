"""Where a plan leads: what the directory's search can be filled with, from the answers."""

from collections.abc import Iterable, Sequence

from stepwell.domain import approaches as evidence
from stepwell.domain.answers import Answers
from stepwell.domain.deriving import derive
from stepwell.domain.guidance import Role, guide
from stepwell.domain.offers import Format, Reach
from stepwell.domain.sources import Frozen


class Search(Frozen):
    """What one search can be filled with. What the answers do not say is empty."""

    kind: str
    country: str
    remote: Reach
    format: Format | None
    low_cost: bool
    needs: tuple[str, ...]  # those for which the plan names this kind
    goals: tuple[str, ...]
    approaches: tuple[str, ...]  # recommended in the plan and given under this kind


def searches(main: Sequence[str], answers: Answers, named: Iterable[str]) -> tuple[Search, ...]:
    """Return a search for each main kind; `named` are the approaches the plan recommends."""
    methods = tuple(dict.fromkeys(named))
    reach, format_ = _reach(answers), _format(answers)
    needs_of = {need: _main_kinds(answers, need) for need in answers.needs or ()}
    return tuple(
        Search(
            kind=kind,
            country=answers.country or "",
            remote=reach,
            format=format_,
            low_cost="free_or_low_cost" in (answers.preferences or ()),
            needs=tuple(need for need, kinds in needs_of.items() if kind in kinds),
            goals=answers.goals or (),
            approaches=tuple(one for one in methods if kind in evidence.approach(one).kinds),
        )
        for kind in main
    )


def _main_kinds(answers: Answers, need: str) -> tuple[str, ...]:
    """Return the main kinds that the rules name when this is the one need."""
    alone = answers.model_copy(update={"needs": (need,)})
    return guide(derive(alone)).kinds(Role.MAIN)


def _reach(answers: Answers) -> Reach:
    """Return how somebody wants to meet; who wants both, or said nothing, is open to both."""
    wished = set(answers.preferences or ())
    ways = {"online": Reach.REMOTE, "in_person": Reach.IN_PERSON}
    chosen = [reach for wish, reach in ways.items() if wish in wished]
    return chosen[0] if len(chosen) == 1 else Reach.EITHER


def _format(answers: Answers) -> Format | None:
    """Return the one form that was wished for."""
    forms = (Format.GROUP, Format.ONE_TO_ONE, Format.SELF_GUIDED)
    wished = [form for form in forms if form in (answers.preferences or ())]
    return wished[0] if len(wished) == 1 else None
