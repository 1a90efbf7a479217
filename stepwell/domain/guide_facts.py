"""The facts behind the guide: needs, goals, levels of support, red flags and questions."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, model_validator

from stepwell.domain import loading
from stepwell.domain.decision_inputs import BodyTrack, Degree, Group, Safety
from stepwell.domain.errors import FactError
from stepwell.domain.sources import Cell, FactId, Frozen, Source, Statement, Text, cell

Lines = Annotated[tuple[Text, ...], Field(min_length=1)]
IF_UNCHECKED = "Open the help page and tell someone you trust."


class SourcedFile(Frozen):
    """A file whose rows name one of its own `sources`, or the file's, by a short key."""

    sources: Mapping[str, Source]

    @model_validator(mode="before")
    @classmethod
    def resolve_sources(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """Put the whole source where a row names one."""
        sources = raw.get("sources", {})
        standard = raw.get("source")
        return {
            key: [_with_source(row, sources, standard, key) for row in rows]
            if isinstance(rows, list)
            else rows
            for key, rows in raw.items()
            if key != "source"
        }


def _with_source(row: Any, sources: Mapping[str, Any], standard: str | None, key: str) -> Any:
    if not isinstance(row, dict):
        return row
    name = row.get("source", standard)
    if not isinstance(name, str):
        return row
    if name not in sources:
        raise ValueError(
            f"{key}.{row.get('id', row.get('key', '?'))}.source: there is no [sources.{name}]; "
            f"use one of {', '.join(sorted(sources)) or 'none yet'}, or add it"
        )
    return {**row, "source": sources[name]}


class Need(Frozen):
    """Something that troubles a person, in plain words."""

    id: FactId
    label: Text
    hint: str = ""
    group: Group
    weight: Literal[0, 1, 2, 3, "unknown"]
    track: BodyTrack | None = None
    growth: bool = False
    asks_about: tuple[FactId, ...] = ()
    source: Source

    @property
    def degree(self) -> Degree:
        """The least distress that naming this need stands for."""
        return Degree(str(self.weight))


class Goal(Frozen):
    """Something a person wants to be different."""

    id: FactId
    label: Text
    hint: str = ""
    growth: bool = False
    track: BodyTrack | None = None
    source: Source


class LevelOfSupport(Frozen):
    """How intensive help is, 0 to 5. `check_in_weeks`: after how many weeks to look again."""

    number: Annotated[int, Field(ge=0, le=5)]
    name: Text
    one_line: Text
    for_whom: Text
    typical_contact: Text
    check_in_weeks: Annotated[int, Field(ge=1)]
    today: Lines
    waiting: Lines
    step_up: Lines
    source: Source


class RedFlag(Frozen):
    """Something said in the guide that must show help first."""

    id: FactId
    label: Text
    safety: Safety
    say: Text
    kinds: Annotated[tuple[FactId, ...], Field(min_length=1)]
    exclude: tuple[FactId, ...] = ()
    source: Source

    def shown(self) -> Cell:
        """What a visitor may see of `say`: nothing that was only recalled."""
        return cell(Statement(text=self.say), self.source, strict=True, instead=IF_UNCHECKED)


class Option(Frozen):
    """One answer to choose."""

    id: Text
    label: Text
    hint: str = ""


class Question(Frozen):
    """One page of the guide. Needs, goals and countries bring their own options."""

    key: Literal[
        "safety",
        "who_for",
        "age_band",
        "country",
        "needs",
        "impact",
        "duration",
        "goals",
        "tried",
        "preferences",
    ]
    ask: Text
    hint: str = ""
    why: Text
    several: bool = False
    options: tuple[Option, ...] = ()
    source: Source


class FollowUp(Frozen):
    """The one more page about safety that some needs call for."""

    ask: Text
    hint: str = ""
    why: Text


class _Needs(SourcedFile):
    needs: tuple[Need, ...]


class _Goals(SourcedFile):
    goals: tuple[Goal, ...]


class _Levels(SourcedFile):
    levels: tuple[LevelOfSupport, ...]


class _Flags(SourcedFile):
    flags: tuple[RedFlag, ...]


class _Questions(SourcedFile):
    questions: tuple[Question, ...]
    follow_up: FollowUp


Row = TypeVar("Row", Need, Goal, RedFlag)


@loading.remembered
def needs() -> Mapping[str, Need]:
    """Return every need by its id, in the order of the page."""
    found = loading.read(loading.path("needs.toml"), _Needs)
    return _by_id("needs.toml", "needs", found.needs)


@loading.remembered
def goals() -> Mapping[str, Goal]:
    """Return every goal by its id, in the order of the page."""
    found = loading.read(loading.path("goals.toml"), _Goals)
    return _by_id("goals.toml", "goals", found.goals)


@loading.remembered
def red_flags() -> Mapping[str, RedFlag]:
    """Return every red flag by its id."""
    found = loading.read(loading.path("red_flags.toml"), _Flags)
    return _by_id("red_flags.toml", "flags", found.flags)


@loading.remembered
def levels() -> Mapping[int, LevelOfSupport]:
    """Return the six levels of support by number, 0 to 5."""
    found = loading.read(loading.path("levels_of_support.toml"), _Levels).levels
    if [level.number for level in found] != [0, 1, 2, 3, 4, 5]:
        raise FactError("levels_of_support.toml: levels: write the numbers 0 to 5, in order.")
    return MappingProxyType({level.number: level for level in found})


@loading.remembered
def questions() -> Mapping[str, Question]:
    """Return the ten questions by key, in their order."""
    found = loading.read(loading.path("guide_questions.toml"), _Questions).questions
    return MappingProxyType({question.key: question for question in found})


@loading.remembered
def follow_up() -> FollowUp:
    """Return the words of the one more page about safety."""
    return loading.read(loading.path("guide_questions.toml"), _Questions).follow_up


def _by_id(where: str, key: str, rows: tuple[Row, ...]) -> Mapping[str, Row]:
    found = {row.id: row for row in rows}
    if len(found) < len(rows):
        raise FactError(f"{where}: {key}: an id stands there twice. Give each row its own.")
    return MappingProxyType(found)
