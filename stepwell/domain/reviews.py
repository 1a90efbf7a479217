"""Reviews of texts: what a signature is worth for the text that stands there today.

A review is an event: somebody read one text, as a whole or in part, and said what they
found. It says nothing about any other text, not even about the same one with another word.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from stepwell.domain.errors import DomainError

MOST_MONTHS = 36  # common practice asks for a new review every three years at the latest


class ReviewState(StrEnum):
    """What a published text's review is worth, as it was at publish."""

    NONE = "none"
    CURRENT = "current"
    CHANGED = "changed"


class Outcome(StrEnum):
    """What a reviewer said."""

    APPROVED = "approved"
    CHANGES_ASKED = "changes_asked"


class Scope(StrEnum):
    """What a reviewer read."""

    WHOLE = "whole"
    PARTS = "parts"


class NoSignature(DomainError):
    """A review cannot be signed as asked. Says why, and what to do."""


@dataclass(frozen=True)
class Signed:
    """One review. `covers` are the texts it holds for: the one read, and those that a second
    person found to differ from it by typing errors only."""

    id: int
    outcome: Outcome
    scope: Scope
    text_hash: str
    carried_to: frozenset[str] = field(default_factory=frozenset)

    @property
    def covers(self) -> frozenset[str]:
        """Return the hashes of the texts that this review holds for."""
        return self.carried_to | {self.text_hash}


def newest_approval(newest_first: Sequence[Signed]) -> Signed | None:
    """Return the newest review that approved a whole text."""
    whole = (one for one in newest_first if one.scope is Scope.WHOLE)
    return next((one for one in whole if one.outcome is Outcome.APPROVED), None)


def settled(text_hash: str, newest_first: Sequence[Signed]) -> tuple[ReviewState, Signed | None]:
    """Return what the reviews say of one text, and the review that says it.

    Only the newest approval of a whole text counts, and only for the texts it covers. A
    later reading of the same text that asked for changes takes the approval back.
    """
    approval = newest_approval(newest_first)
    if approval is None:
        return ReviewState.NONE, None
    if text_hash not in approval.covers:
        return ReviewState.CHANGED, approval
    for one in newest_first:
        if one is approval:
            return ReviewState.CURRENT, approval
        if one.outcome is Outcome.CHANGES_ASKED and one.text_hash in approval.covers:
            return ReviewState.NONE, None
    raise AssertionError("the approval is one of the reviews")


class Reviewed(Protocol):
    """A published text, as lists know it."""

    review_state: str
    reviewer: str
    reviewed_on: date | None
    review_due: date | None


class Badge(StrEnum):
    """What a reader is told about the review."""

    NONE = "none"
    CURRENT = "current"
    CHANGED = "changed"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Standing:
    """What may be said about a text's review on one day. Empty where nothing may be said."""

    badge: Badge
    reviewer: str = ""
    reviewed_on: date | None = None
    review_due: date | None = None

    @property
    def may_be_claimed(self) -> bool:
        """Return whether machines and people may be told that this text is reviewed."""
        return self.badge is Badge.CURRENT


def review_standing(row: Reviewed, today: date) -> Standing:
    """Return what may be said about the review of `row` on the day `today`.

    A review holds on its last day and is overdue on the next one. It depends on the day,
    so it is asked anew whenever a page is made, never only at publish.
    """
    if row.review_state == ReviewState.CHANGED:
        return Standing(Badge.CHANGED)
    if row.review_state != ReviewState.CURRENT or row.review_due is None:
        return Standing(Badge.NONE)
    badge = Badge.OVERDUE if row.review_due < today else Badge.CURRENT
    return Standing(badge, row.reviewer, row.reviewed_on, row.review_due)


def months_later(day: date, months: int) -> date:
    """Return the same day `months` later, or the last day of a month that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def check_due(reviewed_on: date, due: date, most_months: int) -> None:
    """Raise NoSignature unless `due` is after the review and not later than the site allows."""
    latest = months_later(reviewed_on, min(most_months, MOST_MONTHS))
    if not reviewed_on < due <= latest:
        raise NoSignature(
            f"The next review has to be due after {reviewed_on:%d.%m.%Y} and by "
            f"{latest:%d.%m.%Y}. Choose a day between."
        )


def signature(name: str, title: str, register: str, number: str) -> str:
    """Return how a reviewer is named to readers: who they are, and where to check it."""
    return f"{name}, {title} ({register}, {number})"


class Due(StrEnum):
    """How soon somebody has to read a text again."""

    OVERDUE = "overdue"
    IN_30_DAYS = "in_30_days"
    IN_90_DAYS = "in_90_days"
    LATER = "later"
    CHANGED = "changed"
    NEVER = "never"


SOON_DAYS = {Due.IN_30_DAYS: 30, Due.IN_90_DAYS: 90}


def due_of(row: Reviewed, today: date) -> Due:
    """Return how soon `row` has to be read again; each text is in exactly one group."""
    standing = review_standing(row, today)
    if standing.badge is Badge.CHANGED:
        return Due.CHANGED
    if standing.review_due is None:
        return Due.NEVER
    if standing.badge is Badge.OVERDUE:
        return Due.OVERDUE
    days = (standing.review_due - today).days
    return next((due for due, most in SOON_DAYS.items() if days <= most), Due.LATER)
