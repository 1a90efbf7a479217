"""The decision inputs: what the guide's rules run on, derived from a person's answers.

*Unknown* is a value of its own in every input that an unanswered question feeds.
It never becomes zero, none or no: where a missing answer could have raised an
input, the input is unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

UNKNOWN = "unknown"


class Safety(StrEnum):
    """The worst sign of danger, from none to now, in order."""

    NONE = "none"
    UNKNOWN = "unknown"
    PASSIVE = "passive"
    URGENT = "urgent"
    SAME_DAY = "same_day"
    NOW = "now"


class Degree(StrEnum):
    """How heavy something is: none, some, a good deal, severe, very severe."""

    NONE = "0"
    SOME = "1"
    MODERATE = "2"
    SEVERE = "3"
    VERY_SEVERE = "4"
    UNKNOWN = "unknown"


class Group(StrEnum):
    """What kind of trouble the needs speak of: twelve groups, none, unknown."""

    NONE = "none"
    UNKNOWN = "unknown"
    DEPRESSION = "depression"
    ANXIETY = "anxiety"
    OBSESSIONS = "obsessions"
    TRAUMA = "trauma"
    EATING = "eating"
    SLEEP = "sleep"
    SUBSTANCES = "substances"
    UNUSUAL_EXPERIENCES = "unusual_experiences"
    MOOD_SWINGS = "mood_swings"
    NEURODEVELOPMENT = "neurodevelopment"
    RELATIONSHIPS = "relationships"
    STRAIN = "strain"


class BodyTrack(StrEnum):
    """Help for the body that was asked for."""

    PAIN = "pain"
    DAILY_LIVING = "daily_living"
    SPEECH = "speech"


class GrowthOnly(StrEnum):
    """Whether wishes to grow are all there is."""

    YES = "yes"
    NO = "no"


class Earlier(StrEnum):
    """What earlier help did."""

    NOTHING = "nothing"
    HELPED = "helped"
    HELPED_LITTLE = "helped_little"
    IN_CARE = "in_care"
    UNKNOWN = "unknown"


class Engagement(StrEnum):
    """How someone wants to take part."""

    NO_WISH = "no_wish"
    SELF_GUIDED = "self_guided"
    GROUP = "group"
    SELF_GUIDED_AND_GROUP = "self_guided_and_group"
    UNKNOWN = "unknown"


class Privacy(StrEnum):
    """Whether special privacy was asked for."""

    NO_WISH = "no_wish"
    VERY_PRIVATE = "very_private"
    UNKNOWN = "unknown"


class AgeBand(StrEnum):
    """The age of the person the plan is for."""

    CHILD = "child"
    TEEN = "teen"
    ADULT = "adult"
    OLDER = "older"
    UNKNOWN = "unknown"


class CountryPack(StrEnum):
    """Whether we hold titles and registers for the country."""

    KNOWN = "known"
    NOT_KNOWN = "not_known"


InputName = Literal[
    "safety",
    "distress",
    "functioning",
    "groups",
    "body",
    "growth_only",
    "earlier",
    "engagement",
    "privacy",
    "age",
    "country_pack",
]


@dataclass(frozen=True, slots=True)
class Inputs:
    """One value per input; `groups` and `body` hold several. `groups` is never empty."""

    safety: Safety
    distress: Degree
    functioning: Degree
    groups: frozenset[Group]
    body: frozenset[BodyTrack]
    growth_only: GrowthOnly
    earlier: Earlier
    engagement: Engagement
    privacy: Privacy
    age: AgeBand
    country_pack: CountryPack


VALUES: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "safety": Safety,
        "distress": Degree,
        "functioning": Degree,
        "groups": Group,
        "body": BodyTrack,
        "growth_only": GrowthOnly,
        "earlier": Earlier,
        "engagement": Engagement,
        "privacy": Privacy,
        "age": AgeBand,
        "country_pack": CountryPack,
    }
)

MANY = frozenset({"groups", "body"})

# From the mildest to the most severe, without unknown: what `at_least` means.
SCALES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "safety": tuple(Safety),
        "distress": tuple(Degree)[:-1],
        "functioning": tuple(Degree)[:-1],
        "growth_only": tuple(GrowthOnly),
    }
)

# The value that stands for "nothing here": unknown must never weigh less in a rule that raises.
MILDEST: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "safety": frozenset({Safety.NONE}),
        "distress": frozenset({Degree.NONE}),
        "functioning": frozenset({Degree.NONE}),
        "groups": frozenset({Group.NONE}),
        "earlier": frozenset({Earlier.NOTHING}),
        "engagement": frozenset({Engagement.NO_WISH}),
        "privacy": frozenset({Privacy.NO_WISH}),
        "age": frozenset({AgeBand.ADULT}),
    }
)

# Unknown distress stands above moderate: whatever moderate calls for, unknown calls for too.
DISTRESS_ORDER: tuple[Degree, ...] = (
    Degree.NONE,
    Degree.SOME,
    Degree.MODERATE,
    Degree.UNKNOWN,
    Degree.SEVERE,
    Degree.VERY_SEVERE,
)


def worst_distress(degrees: Iterable[Degree]) -> Degree:
    """Return the worst of `degrees`; none where there are none."""
    return max(degrees, key=DISTRESS_ORDER.index, default=Degree.NONE)


def worst_safety(values: Iterable[Safety]) -> Safety:
    """Return the worst of `values`; none where there are none."""
    order: Sequence[Safety] = tuple(Safety)
    return max(values, key=order.index, default=Safety.NONE)
