"""Approaches: the methods used, and what guidelines say about them for which need.

"Evidence-based" is said of an approach for a need, never of an approach alone:
each `EvidenceRow` joins one approach to one condition, with guideline, place,
year and strength. Where guidelines differ, each has its row.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from stepwell.domain import loading, support
from stepwell.domain.errors import FactError
from stepwell.domain.sources import (
    Cell,
    Checked,
    Fact,
    FactId,
    Frozen,
    Source,
    Statement,
    Text,
    cell,
)

FOLDER = "approaches"
EVIDENCE_FOLDER = "evidence"
NEEDS_FILE = "needs.toml"

Year = Annotated[int, Field(ge=1990, le=2100)]
Level = Annotated[int, Field(ge=0, le=5)]


class Family(StrEnum):
    """What an approach builds on; pages group by it."""

    COGNITIVE_BEHAVIOURAL = "cognitive_behavioural"
    THIRD_WAVE = "third_wave"
    MINDFULNESS_BASED = "mindfulness_based"
    TRAUMA_FOCUSED = "trauma_focused"
    INTERPERSONAL = "interpersonal"
    PSYCHODYNAMIC = "psychodynamic"
    HUMANISTIC = "humanistic"
    INTEGRATIVE = "integrative"
    SYSTEMIC = "systemic"
    EATING_DISORDER_SPECIFIC = "eating_disorder_specific"
    MOTIVATIONAL = "motivational"
    BEHAVIOURAL = "behavioural"
    LOW_INTENSITY = "low_intensity"
    SKILLS = "skills"
    PEER = "peer"
    MUTUAL_AID = "mutual_aid"
    CREATIVE_ARTS = "creative_arts"
    BODY_BASED = "body_based"
    LIFESTYLE = "lifestyle"
    REHABILITATION = "rehabilitation"
    SOCIAL = "social"
    MEDICAL = "medical"
    CRISIS = "crisis"
    GROWTH = "growth"


FAMILY_NAMES = {
    Family.COGNITIVE_BEHAVIOURAL: "Thoughts and actions",
    Family.THIRD_WAVE: "Acceptance, kindness and skills",
    Family.MINDFULNESS_BASED: "Mindfulness",
    Family.TRAUMA_FOCUSED: "After trauma",
    Family.INTERPERSONAL: "Relationships now",
    Family.PSYCHODYNAMIC: "Feelings and patterns from earlier",
    Family.HUMANISTIC: "Being heard and growing",
    Family.INTEGRATIVE: "Several schools joined",
    Family.SYSTEMIC: "Couples, families and stories",
    Family.EATING_DISORDER_SPECIFIC: "Made for eating disorders",
    Family.MOTIVATIONAL: "Finding your reasons",
    Family.BEHAVIOURAL: "Rewarding change",
    Family.LOW_INTENSITY: "Self-help and courses",
    Family.SKILLS: "Skills",
    Family.PEER: "Among people who have been there",
    Family.MUTUAL_AID: "Mutual aid",
    Family.CREATIVE_ARTS: "Arts",
    Family.BODY_BASED: "Through the body",
    Family.LIFESTYLE: "Exercise",
    Family.REHABILITATION: "Daily life and recovery",
    Family.SOCIAL: "Links to the community",
    Family.MEDICAL: "Medical",
    Family.CRISIS: "Staying safe",
    Family.GROWTH: "Goals",
}


class Format(StrEnum):
    """How and with whom an approach is done."""

    INDIVIDUAL = "individual"
    COUPLE = "couple"
    FAMILY = "family"
    GROUP = "group"
    IN_PERSON = "in_person"
    HOME = "home"
    ONLINE = "online"
    PHONE = "phone"
    PRINT = "print"


FORMAT_WORDS = {
    Format.INDIVIDUAL: "one to one",
    Format.COUPLE: "as a couple",
    Format.FAMILY: "as a family",
    Format.GROUP: "in a group",
    Format.IN_PERSON: "in person",
    Format.HOME: "at home",
    Format.ONLINE: "online",
    Format.PHONE: "by phone",
    Format.PRINT: "on paper",
}


class Role(StrEnum):
    """The place a guideline gives an approach for a condition; the best first."""

    FIRST_LINE = "first_line"
    OPTION = "option"
    SECOND_LINE = "second_line"
    ADJUNCT = "adjunct"
    INFORMATION = "information"
    NOT_RECOMMENDED = "not_recommended"


ROLE_ORDER = {role: place for place, role in enumerate(Role)}
ROLE_WORDS = {
    Role.FIRST_LINE: "Named among the first choices.",
    Role.OPTION: "Named as one of the choices.",
    Role.SECOND_LINE: "Named for when a first choice did not help or does not suit.",
    Role.ADJUNCT: "Named as something to add.",
    Role.INFORMATION: "Good to know.",
    Role.NOT_RECOMMENDED: "Not recommended for this.",
}

CHECKED_ORDER = {checked: place for place, checked in enumerate(Checked)}
ASK_STRENGTH = "Ask what speaks for this method in your situation."
ASK_SESSIONS = "Ask how many meetings to expect, and when you will look back together."
ASK_CAUTION = "Ask when this method would not be right for you."


class AgeBand(StrEnum):
    """The age bands of the guide, for whom a guideline speaks."""

    CHILD = "child"
    TEEN = "teen"
    ADULT = "adult"
    OLDER = "older"


class Approach(Fact):
    """One method: what happens, who gives it, and under which kinds of support."""

    name: Text
    also_called: tuple[Text, ...]
    family: Family
    one_line: Text
    what_happens: Text
    delivered_by: Text
    formats: Annotated[tuple[Format, ...], Field(min_length=1)]
    is_psychotherapy: support.Psychotherapy
    kinds: Annotated[tuple[FactId, ...], Field(min_length=1)]
    sessions: Statement
    caution: Statement

    def sessions_cell(self) -> Cell:
        """Return how many meetings to expect, as a visitor may see it."""
        return cell(self.sessions, self.source, strict=False, instead=ASK_SESSIONS)

    def caution_cell(self) -> Cell:
        """Return when to be careful, as a visitor may see it."""
        return cell(self.caution, self.source, strict=False, instead=ASK_CAUTION)


class EvidenceRow(Frozen):
    """What one source says about one approach for one condition.

    `needs` are ids of the guide's needs; a row about self-harm or suicide has
    none, because people say that in the guide's safety question. `lowest_level`
    is the lowest level of support at which we name the row, and is our own.
    """

    id: FactId
    needs: tuple[FactId, ...]
    condition: Text
    population: Text
    ages: Annotated[tuple[AgeBand, ...], Field(min_length=1)]
    stage: Text
    approach: FactId
    role: Role
    strength: Statement
    guideline: str
    place: str
    year: Year | None = None
    sessions: Statement
    lowest_level: Level
    note: str
    source: Source

    @property
    def not_recommended(self) -> bool:
        """Say whether a page must show this row as "not recommended for this"."""
        return self.role is Role.NOT_RECOMMENDED

    def role_cell(self) -> Cell:
        """Return the place the guideline gives it; never from memory."""
        words = Statement(text=ROLE_WORDS[self.role])
        return cell(words, self.source, strict=True, instead=ASK_STRENGTH)

    def strength_cell(self) -> Cell:
        """Return how strongly the guideline speaks; never from memory."""
        return cell(self.strength, self.source, strict=True, instead=ASK_STRENGTH)

    def sessions_cell(self) -> Cell:
        """Return how many meetings to expect, as a visitor may see it."""
        return cell(self.sessions, self.source, strict=False, instead=ASK_SESSIONS)


class EvidenceTopic(Frozen):
    """One file of evidence rows about neighbouring conditions."""

    id: FactId
    title: Text
    rows: Annotated[tuple[EvidenceRow, ...], Field(min_length=1)]


class _NeedId(BaseModel):
    id: FactId


class _Needs(BaseModel):
    """Only the ids of the needs: the rest of that file belongs to the guide."""

    needs: tuple[_NeedId, ...]


@loading.remembered
def approaches() -> Mapping[str, Approach]:
    """Return every approach by id."""
    return loading.folder(FOLDER, Approach)


def approach(approach_id: str) -> Approach:
    """Return one approach; raise UnknownFact with the nearest ids."""
    return loading.get(approaches(), "approach", approach_id)


@loading.remembered
def topics() -> tuple[EvidenceTopic, ...]:
    """Return every file of evidence, in order of its name; no row id occurs twice."""
    found = tuple(_read_topic(path) for path in loading.paths(EVIDENCE_FOLDER))
    seen: set[str] = set()
    for topic in found:
        for row in topic.rows:
            if row.id in seen:
                raise FactError(
                    f"{_file(topic)}: rows: the id {row.id!r} occurs twice. "
                    "Give each row an id of its own."
                )
            seen.add(row.id)
    return found


@loading.remembered
def evidence() -> tuple[EvidenceRow, ...]:
    """Return every evidence row, in the order of the files."""
    return tuple(row for topic in topics() for row in topic.rows)


def evidence_for(
    needs: Collection[str], level: int, age_band: str | None = None
) -> tuple[EvidenceRow, ...]:
    """Return the rows for any of `needs` that we name at `level` of support (0-5).

    Without an age band, rows for every age. The best place in a guideline comes
    first, checked rows before recalled ones, and what is not recommended last.
    """
    wanted = set(needs)
    fitting = [
        row
        for row in evidence()
        if wanted.intersection(row.needs)
        and row.lowest_level <= level
        and (age_band is None or age_band in row.ages)
    ]
    return tuple(sorted(fitting, key=_place))


def check() -> None:
    """Raise FactError at the first broken reference or rule of these facts."""
    for found in approaches().values():
        _check_approach(found)
    needs = _needs()
    for topic in topics():
        for row in topic.rows:
            where = f"{_file(topic)}: rows.{row.id}"
            loading.check_known(where, "needs", row.needs, needs)
            loading.check_known(where, "approach", [row.approach], approaches())
            _check_row(where, row)


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many approaches and evidence rows there are, by how they were checked."""
    return {
        "approaches": Counter(found.source.checked for found in approaches().values()),
        "evidence rows": Counter(row.source.checked for row in evidence()),
    }


def _file(topic: EvidenceTopic) -> str:
    return f"{EVIDENCE_FOLDER}/{topic.id}.toml"


def _read_topic(path: Path) -> EvidenceTopic:
    topic = loading.read(path, EvidenceTopic)
    if topic.id != path.stem:
        raise FactError(
            f"{EVIDENCE_FOLDER}/{path.name}: id: is {topic.id!r}, but the file is called "
            f'{path.name}. Write id = "{path.stem}" or rename the file.'
        )
    return topic


def _place(row: EvidenceRow) -> tuple[int, int, int, str]:
    return ROLE_ORDER[row.role], CHECKED_ORDER[row.source.checked], row.lowest_level, row.id


def _needs() -> Mapping[str, _NeedId]:
    found = loading.read(loading.path(NEEDS_FILE), _Needs)
    return {need.id: need for need in found.needs}


def _check_approach(found: Approach) -> None:
    where = f"{FOLDER}/{found.id}.toml"
    loading.check_known(where, "kinds", found.kinds, support.kinds())
    if found.is_psychotherapy is not support.Psychotherapy.NO:
        return
    for kind_id in found.kinds:
        if support.kind(kind_id).is_psychotherapy is support.Psychotherapy.YES:
            raise FactError(
                f"{where}: kinds: {kind_id} is psychotherapy, and this approach is not. "
                "Take it out of the list, or correct is_psychotherapy."
            )


def _check_row(where: str, row: EvidenceRow) -> None:
    for key, wrong, repair in _faults(row):
        raise FactError(f"{where}: {key}: {wrong}. {repair}")


def _faults(row: EvidenceRow) -> Iterator[tuple[str, str, str]]:
    """Yield key, fault and repair for what the schema cannot see in one row."""
    if row.year and row.year > row.source.checked_on.year:
        yield "year", f"{row.year} lies after source.checked_on", "Correct one of the two."
    if row.source.review_due < row.source.checked_on:
        yield "source.review_due", "lies before source.checked_on", "Set it to a later day."
    if row.source.checked is not Checked.RECALLED and not row.guideline:
        yield "guideline", "is empty in a row that was checked", "Name the guideline or study."
    if row.not_recommended and not row.strength.text:
        yield "strength", "is empty in a row that advises against", "Say what the source says."
