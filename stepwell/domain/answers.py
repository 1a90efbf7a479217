"""A person's ten answers, as the guide takes them. Missing means unknown, never no.

Answers exist for one reckoning only: nothing here, or anywhere, stores them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, NoReturn

from stepwell.domain import countries, guide_facts
from stepwell.domain.errors import BadAnswers
from stepwell.domain.sources import Frozen

NO_FLAG = "none"
WHO_FOR = ("me", "child", "partner", "other")
AGE_BANDS = ("child", "teen", "adult", "older")
IMPACTS = ("none", "mild", "moderate", "severe", "very_severe")
DURATIONS = ("days", "weeks", "months", "years")
TRIED = ("nothing", "helped", "helped_little", "in_care")
PREFERENCES = (
    "online",
    "in_person",
    "group",
    "one_to_one",
    "self_guided",
    "free_or_low_cost",
    "very_private",
)


class Answers(Frozen):
    """The ten answers; None is unknown. Made by `parse_answers`, which checks every id."""

    safety: tuple[str, ...] | None = None
    who_for: str | None = None
    age_band: str | None = None
    country: str | None = None
    needs: tuple[str, ...] | None = None
    impact: str | None = None
    duration: str | None = None
    goals: tuple[str, ...] | None = None
    tried: str | None = None
    preferences: tuple[str, ...] | None = None

    @property
    def flags(self) -> tuple[str, ...]:
        """The red flags that were named; empty also where nothing was said."""
        return tuple(flag for flag in self.safety or () if flag != NO_FLAG)


LISTS: Mapping[str, Callable[[], Collection[str]]] = MappingProxyType(
    {
        "safety": lambda: (NO_FLAG, *guide_facts.red_flags()),
        "needs": lambda: tuple(guide_facts.needs()),
        "goals": lambda: tuple(guide_facts.goals()),
        "preferences": lambda: PREFERENCES,
    }
)
SINGLES: Mapping[str, Callable[[], Collection[str]]] = MappingProxyType(
    {
        "who_for": lambda: WHO_FOR,
        "age_band": lambda: AGE_BANDS,
        "country": lambda: tuple(countries.names()),
        "impact": lambda: IMPACTS,
        "duration": lambda: DURATIONS,
        "tried": lambda: TRIED,
    }
)
KEYS = tuple(Answers.model_fields)


def parse_answers(raw: object) -> Answers:
    """Return answers read from a JSON object or a form.

    Lists come back without doubles and in the order of the facts. A red flag
    beside "none" wins. Raises BadAnswers with the key, what is wrong and the
    repair.
    """
    if not isinstance(raw, Mapping):
        _refuse("the whole file", "is not an object", 'Write {"needs": ["worry"]} with these keys')
    for key in raw:
        if key not in KEYS:
            _refuse(str(key), "is not one of the ten answers", _near(str(key), KEYS))
    lists = {key: _list(key, raw.get(key), known()) for key, known in LISTS.items()}
    singles = {key: _single(key, raw.get(key), known()) for key, known in SINGLES.items()}
    return Answers(**lists, **singles)  # type: ignore[arg-type]


def answers_schema() -> dict[str, Any]:
    """Return the JSON schema of an answers file."""
    properties: dict[str, Any] = {}
    for key in KEYS:
        if key in LISTS:
            items = {"type": "string", "enum": list(LISTS[key]())}
            properties[key] = {"type": ["array", "null"], "items": items}
        else:
            properties[key] = {"enum": [*SINGLES[key](), None]}
        properties[key]["description"] = guide_facts.questions()[key].ask
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Answers to the guide",
        "description": "A missing key, null or an empty list means unknown. It never means no.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _list(key: str, value: object, known: Collection[str]) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        _refuse(key, "is not a list", f'Write a list, as in ["{next(iter(known))}"]')
    chosen = {_single(f"{key}.{place}", item, known) for place, item in enumerate(value)}
    chosen.discard(None)
    if key == "safety" and len(chosen) > 1:
        chosen.discard(NO_FLAG)
    return tuple(item for item in known if item in chosen) or None


def _single(key: str, value: object, known: Collection[str]) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        _refuse(key, f"is {type(value).__name__}, not text", f'Write "{next(iter(known))}" or null')
    if value not in known:
        _refuse(key, f"is {value!r}, which is not one of its values", _near(value, known))
    return value


def _near(value: str, known: Iterable[str]) -> str:
    options = tuple(known)
    near = get_close_matches(value, options, n=3) or get_close_matches(value.upper(), options, n=3)
    shown = near or options[:8]
    more = "" if near or len(options) <= len(shown) else " ..."
    return f"Use {', '.join(shown)}{more}, or leave it out for unknown"


def _refuse(key: str, wrong: str, repair: str) -> NoReturn:
    raise BadAnswers(f"answers: {key}: {wrong}. {repair}.")
