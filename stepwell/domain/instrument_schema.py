"""What an instrument is: the shape of its two files. What scores look like: scoring.py.

The figures of a scale (bands, norms ...) have a module of their own,
instrument_figures.py; tests/domain/everything/ shows every key in use.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stepwell.domain.instrument_figures import (
    Accuracy,
    Bands,
    CutOff,
    Digits,
    ErrorOfMeasurement,
    Norm,
    Reliability,
    ReliableChange,
    StandardScore,
)
from stepwell.domain.sources import Fact, FactId, Frozen, Source, Text

NotApplicable = Literal["n/a"]
NOT_APPLICABLE: NotApplicable = "n/a"
Answer = int | NotApplicable
Response = Mapping[str, Answer]
Code = Annotated[int, Field(ge=1)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class LicenceKind(StrEnum):
    """The rights under which a test may be here. Any other licence is refused."""

    PUBLIC_DOMAIN = "public-domain"
    GOVERNMENT_WORK = "us-government-work"
    FREE = "free-to-reproduce"
    FREE_WITH_LINE = "free-with-owners-line"
    CC_BY = "CC-BY"
    CC_BY_4 = "CC-BY-4.0"
    CC_BY_ND_4 = "CC-BY-ND-4.0"
    HOST = "licensed-to-this-host"


class Standing(StrEnum):
    """How well the licence is shown: the owner's words, one quotation of them, or in part."""

    OWNER = "owner"
    QUOTED = "quoted"
    PARTIAL = "partial"


class Evidence(Frozen):
    """The owner's words about reproduction, where they were seen and when."""

    words: Text
    where: Text
    seen_on: date


class Licence(Frozen):
    """What the owner allows. `cleared` is a decision: only a cleared instrument loads.

    Where no changes are allowed, `wording_sha256` pins every word of the form.
    """

    kind: LicenceKind
    standing: Standing
    owner: Text
    terms: Text
    url: str = ""
    cleared: bool
    changes_allowed: bool = True
    fee_allowed: bool = True
    wording_sha256: Digest | None = None
    evidence: tuple[Evidence, ...]


class Item(Frozen):
    """One question by identity. `options` names a set of answers, or a range of numbers.

    Unscored items add nothing. An item that may not apply can be answered
    "n/a": it then counts as neither an answer nor a gap.
    """

    id: FactId
    options: FactId
    scored: bool = True
    may_not_apply: bool = False
    loinc: str = ""


class NumberRange(Frozen):
    """Whole numbers that a person writes in, both ends allowed."""

    lowest: int
    highest: int


class Gate(Frozen):
    """A first question whose answer `stops_at` ends the form; then every item counts so much."""

    item: FactId
    stops_at: int
    counts_as: int = 0


class MissingAnswers(Frozen):
    """What the manual says about unanswered items, and how we know (`published`).

    all_required      a gap in a scale leaves it without a score
    prorate           from `at_least` answers on: mean of the answered times the number of items
    mean_of_answered  from `at_least` answers on: the mean of the answered
    zero              from `at_least` answers on: an unanswered item counts as zero points
    """

    rule: Literal["all_required", "prorate", "mean_of_answered", "zero"]
    at_least: Annotated[int, Field(ge=1)] | None = None
    published: Text

    @model_validator(mode="after")
    def _limit_where_gaps_are_allowed(self) -> Self:
        if (self.rule == "all_required") != (self.at_least is None):
            raise ValueError("at_least belongs to every rule but all_required")
        return self


class Transform(Frozen):
    """A published straight line: points at the two ends of `from` become those of `to`."""

    start: tuple[int, int] = Field(alias="from")
    end: tuple[int, int] = Field(alias="to")

    @model_validator(mode="after")
    def _two_ends(self) -> Self:
        if self.start[0] == self.start[1]:
            raise ValueError("the two numbers of from must differ")
        return self


class Scale(Frozen):
    """Points over items, or over earlier scales (`parts`). Figures only where sourced.

    An item counts as it is, `reversed` (lowest + highest - answer), or through
    one of the instrument's tables (`recoded`). `digits` is to how many decimal
    places the result is published; it is rounded half up.
    """

    id: FactId
    about: Text  # in our words: what more points mean
    items: tuple[FactId, ...] = ()
    parts: tuple[FactId, ...] = ()
    reversed: tuple[FactId, ...] = ()
    recoded: dict[FactId, FactId] = Field(default_factory=dict)
    method: Literal["sum", "mean"] = "sum"
    transform: Transform | None = None
    digits: Digits = 0
    lowest: int
    highest: int
    missing_answers: MissingAnswers | None = None
    loinc: str = ""
    bands: tuple[Bands, ...] = ()
    cut_offs: tuple[CutOff, ...] = ()
    accuracy: tuple[Accuracy, ...] = ()
    norms: tuple[Norm, ...] = ()
    standard_scores: tuple[StandardScore, ...] = ()
    reliability: tuple[Reliability, ...] = ()
    error: ErrorOfMeasurement | None = None
    reliable_change: ReliableChange | None = None


class AlertKind(StrEnum):
    """What an alert is about; it decides which words are shown, never how much help."""

    SELF_HARM = "self_harm"
    DANGER = "danger"  # taking risks, or being at risk of harm
    VIOLENCE = "violence"
    BODY = "body"  # a bodily sign that a doctor should look at
    SUBSTANCES = "substances"


class Alert(Frozen):
    """An answer that shows help at once, before and whatever the score."""

    kind: AlertKind
    item: FactId
    at_least: int | None = None
    at_most: int | None = None

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give either at_least or at_most")
        return self


class Example(Frozen):
    """A worked example; `origin` says whose it is. Scales that are not named are not compared.

    `every` is the answer to every scored item that `response` leaves out.
    """

    origin: Text
    every: int | None = None
    response: dict[FactId, Answer] = Field(default_factory=dict)
    points: dict[FactId, Decimal] = Field(default_factory=dict)
    bands: dict[FactId, dict[FactId, FactId]] = Field(default_factory=dict)
    standard_scores: dict[FactId, dict[FactId, Decimal]] = Field(default_factory=dict)
    not_scorable: tuple[FactId, ...] = ()
    alerts: tuple[AlertKind, ...] = ()


class Encoding(Frozen):
    """A copy of the wording and key that ours was compared with.

    `owners` marks a page or form of the owner itself, or an archived copy of one.
    Every difference is named: `punctuation` lists those in signs and capitals
    only, `differences` gives the reason why ours is right. How a difference is
    called, and what `order` and `matching` do: tests/facts/instrument_copies.py.
    """

    name: Text
    file: str = ""
    owners: bool = False
    agrees: bool
    differs: str = ""
    matching: Literal["position", "words"] = "position"
    order: tuple[str, ...] = ()
    options: FactId | None = None
    punctuation: tuple[str, ...] = ()
    differences: dict[str, Text] = Field(default_factory=dict)


class Described(Fact):
    """What the ledger tells of a test, whether or not its wording is here."""

    code: Code
    name: Text
    short_name: Text
    measures: Text
    made_by: Text
    published_in: Text
    doi: str
    tags: tuple[FactId, ...] = ()
    licence: Licence


class PendingInstrument(Described):
    """Cleared, but its words are not at hand: it stands on the ledger and nowhere else."""

    wording_pending: Text


class Instrument(Described):
    """One self-test. `code` is its number in the neutral address of its answer page."""

    measures_not: Text
    for_whom: Text
    youngest_age: int
    time_frame: Text
    names_a_period: bool = True  # whether the form asks about a span of days
    repeat_after_days: Annotated[int, Field(ge=0)]  # the span's length, or our choice
    content_note: str = ""
    always_show: tuple[AlertKind, ...] = ()
    missing_answers: MissingAnswers
    needs: tuple[FactId, ...] = ()
    loinc: str = ""
    options: dict[FactId, tuple[int, ...]] = Field(default_factory=dict)
    numbers: dict[FactId, NumberRange] = Field(default_factory=dict)
    recodes: dict[FactId, dict[int, int]] = Field(default_factory=dict)
    gate: Gate | None = None
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    alerts: tuple[Alert, ...] = ()
    examples: tuple[Example, ...]
    checked_against: tuple[Encoding, ...] = ()

    @cached_property
    def _values(self) -> Mapping[str, tuple[int, ...]]:
        return {item.id: self._values_of(item.options) for item in self.items}

    def _values_of(self, name: str) -> tuple[int, ...]:
        if name in self.numbers:
            allowed = self.numbers[name]
            return tuple(range(allowed.lowest, allowed.highest + 1))
        return self.options[name]

    def values(self, item_id: str) -> tuple[int, ...]:
        """Return the values of the answers to one item, in the order they are printed."""
        return self._values[item_id]

    def item(self, item_id: str) -> Item:
        """Return one item by its id."""
        return next(item for item in self.items if item.id == item_id)

    def scale(self, scale_id: str) -> Scale:
        """Return one scale by its id."""
        return next(scale for scale in self.scales if scale.id == scale_id)

    def missing_rule(self, scale: Scale) -> MissingAnswers:
        """Return the rule for gaps in one scale: its own, or the instrument's."""
        return scale.missing_answers or self.missing_answers


class Wording(Frozen):
    """The exact published words in one language, with a source of their own.

    `headings` are printed above the item they name and stand for all after it, to
    the next heading; "" ends one.
    `scales` are our names for the scales; everything else is the form's.
    """

    language: Literal["en"]
    source: Source
    title: Text
    instructions: Text
    attribution: Text
    headings: dict[FactId, str] = Field(default_factory=dict)
    items: dict[FactId, Text]
    options: dict[FactId, dict[int, Text]] = Field(default_factory=dict)
    numbers: dict[FactId, Text] = Field(default_factory=dict)
    not_applicable: dict[FactId, Text] = Field(default_factory=dict)
    bands: dict[FactId, Text] = Field(default_factory=dict)
    standard_scores: dict[FactId, Text] = Field(default_factory=dict)
    scales: dict[FactId, Text]
