"""How fresh the directory is: confirmations, reminders, reports, and what may be said of them.

Days are calendar days of the site's own time zone, so that a change of the clocks
neither lengthens nor shortens anything.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt
from statistics import median
from types import MappingProxyType
from typing import NamedTuple

from stepwell.domain.matching import CONFIRM_DAYS
from stepwell.domain.offers import Accepting

LINK_DAYS = 21  # a link works up to and on that day
ANSWERS_KEPT = 20  # of each listing, the latest
FEWEST_ANSWERS = 5  # with fewer, one person could be known by their answer
URGENT_DAYS = 3  # on so many different days somebody could not reach them
AGES = (30, 60, CONFIRM_DAYS)
Z_95 = 1.959963984540054  # the normal quantile of a 95 % interval
NOT_KNOWN = "not known"


class Occasion(StrEnum):
    """Why a mail with a link is sent, or a steward told instead."""

    REMINDER = "reminder"  # so many days after the last confirmation
    FULL_UNTIL = "until"  # the day has come until which they said they were full
    BY_HAND = "hand"  # a steward wished it
    LAPSED = "lapsed"  # nobody confirmed it in time: it is hidden


class News(StrEnum):
    """What a provider says about new people."""

    TAKING = "taking"
    WAITING = "waiting"
    FULL = "full"


class Problem(StrEnum):
    """What somebody reports about a listing."""

    UNREACHABLE = "unreachable"
    FULL = "full"
    WRONG = "wrong"
    DIFFERENT = "different"
    UNSAFE = "unsafe"
    OTHER = "other"


class Answered(StrEnum):
    """Whether somebody who wrote or called got an answer."""

    SOON = "soon"
    LATER = "later"
    NOT_AT_ALL = "not_at_all"


class Takes(StrEnum):
    """What a steward heard on a test call about new people."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


NEWS_WORDS: Mapping[News, str] = MappingProxyType(
    {
        News.TAKING: "We take new people",
        News.WAITING: "There is a waiting list",
        News.FULL: "We are full",
    }
)
ACCEPTING: Mapping[News, Accepting] = MappingProxyType(
    {
        News.TAKING: Accepting.YES,
        News.WAITING: Accepting.WAITING_LIST,
        News.FULL: Accepting.NO,
    }
)
PROBLEM_WORDS: Mapping[Problem, str] = MappingProxyType(
    {
        Problem.UNREACHABLE: "They cannot be reached",
        Problem.FULL: "They no longer take people",
        Problem.WRONG: "The address or phone number is wrong",
        Problem.DIFFERENT: "It is not what this page says",
        Problem.UNSAFE: "I did not feel safe there",
        Problem.OTHER: "Something else",
    }
)
ANSWERED_WORDS: Mapping[Answered, str] = MappingProxyType(
    {
        Answered.SOON: "Yes, within two working days",
        Answered.LATER: "Yes, but later",
        Answered.NOT_AT_ALL: "No, not at all",
    }
)


class Interval(NamedTuple):
    """A share with the bounds between which the true one lies, 19 times of 20."""

    share: float
    lowest: float
    highest: float


def last_day_of_link(made_on: date) -> date:
    """Return the last day on which a confirm link works."""
    return made_on + timedelta(days=LINK_DAYS)


def link_holds(made_on: date, today: date) -> bool:
    """Say whether a confirm link made on one day still works on another."""
    return made_on <= today <= last_day_of_link(made_on)


def shown_until(confirmed_on: date) -> date:
    """Return the last day on which a listing is shown that nobody confirms again."""
    return confirmed_on + timedelta(days=CONFIRM_DAYS)


def is_lapsed(confirmed_on: date, today: date) -> bool:
    """Say whether a confirmation is too old for the listing to be shown."""
    return today > shown_until(confirmed_on)


def reminder_due(confirmed_on: date, today: date, days: Collection[int]) -> int | None:
    """Return which reminder is due, as its days after the confirmation; None where none is.

    Where several were missed the latest stands for all of them. None is due after
    the listing is hidden: then a steward has to look.
    """
    age = (today - confirmed_on).days
    if age > CONFIRM_DAYS:
        return None
    return max((day for day in days if day <= age), default=None)


def check_reminder_days(days: Sequence[int]) -> None:
    """Raise ValueError unless the days are sensible: rising, and before the listing is hidden."""
    if list(days) != sorted(set(days)) or not all(0 < day <= CONFIRM_DAYS for day in days):
        raise ValueError(
            f"LISTING_REMIND_DAYS is {list(days)}. Write rising numbers from 1 to {CONFIRM_DAYS}, "
            "such as 60,75,85."
        )


def is_urgent(reported_on: Iterable[date]) -> bool:
    """Say whether "cannot be reached" was reported on enough different days."""
    return len(set(reported_on)) >= URGENT_DAYS


def wilson(hits: int, of: int, z: float = Z_95) -> Interval | None:
    """Return a share with its Wilson score interval, without continuity correction.

    None where nothing was tried: then nothing is known, which is not a share of 0.
    Source: Newcombe (1998), Statistics in Medicine 17:857-872, method 3.
    """
    if not of:
        return None
    share = hits / of
    middle = share + z * z / (2 * of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    # At 0 and 1 the bound is the share itself; rounding must not move it past.
    lowest, highest = (middle - half) / scale, (middle + half) / scale
    return Interval(share, max(0.0, min(lowest, share)), min(1.0, max(highest, share)))


def median_days(days: Sequence[int]) -> float | None:
    """Return the median of some numbers of days, or None where there are none."""
    return median(days) if days else None


def percent(part: int, whole: int) -> str:
    """Return a share in words; of nothing it is not known."""
    return f"{100 * part / whole:.0f} %" if whole else NOT_KNOWN


def interval_words(hits: int, of: int) -> str:
    """Return a share with its interval in words, or that it is not known."""
    found = wilson(hits, of)
    if found is None:
        return NOT_KNOWN
    return (
        f"{hits} of {of} ({100 * found.share:.0f} %; the true share lies between "
        f"{100 * found.lowest:.0f} % and {100 * found.highest:.0f} %, 19 times of 20)"
    )


def day_words(day: date) -> str:
    """Return a day as readers see it."""
    return f"{day.day} {day:%B %Y}"


def answer_words(said: Sequence[tuple[Answered, date]]) -> str:
    """Return what visitors told about being answered, with the dates; too few say nothing."""
    if len(said) < FEWEST_ANSWERS:
        return "Not enough answers yet to say how quickly they reply."
    counts = {one: sum(answer is one for answer, _ in said) for one in Answered}
    days = [day for _, day in said]
    return (
        f"{len(said)} visitors told us, from {day_words(min(days))} to {day_words(max(days))}: "
        f"{counts[Answered.SOON]} got an answer within two working days, "
        f"{counts[Answered.LATER]} later, {counts[Answered.NOT_AT_ALL]} not at all."
    )
