"""Reads: how accurate the directory is, counted for the public page. Six queries for any size."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from stepwell.apps.directory.models import Listing, Outcome
from stepwell.apps.directory.models.freshness import Report, TrialCall
from stepwell.apps.directory.queries import publishable, recent, shown
from stepwell.domain.freshness import AGES, Takes, interval_words, median_days, percent
from stepwell.domain.matching import CONFIRM_DAYS

REPORTS_OF = timedelta(days=365)
EXAMPLES_NAMED = 20
KEPT_FOR = 600  # seconds in which the page asks the database nothing
CACHE_KEY = "directory-accuracy"


class Age(NamedTuple):
    """How many shown listings were confirmed in so many days."""

    days: int
    listings: int
    share: str
    percent: int  # for the bar


class Reports(NamedTuple):
    """Reports of problems by visitors in the last 12 months, and what came of them."""

    told: int
    open: int
    outcomes: tuple[tuple[str, int], ...]
    median_days: float | None


class Calls(NamedTuple):
    """Test calls by stewards, in words with their intervals."""

    made: int
    first_on: date | None
    reached: str
    takes: str


class Figures(NamedTuple):
    """Everything that the page shows, as it was on one day."""

    counted_on: date
    shown: int
    ages: tuple[Age, ...]
    lapsed: int
    unconfirmed: int
    examples: int
    example_names: tuple[str, ...]
    reports: Reports
    calls: Calls


def figures(today: date) -> Figures:
    """Return the figures of the page, counted at most ten minutes ago."""
    key = f"{CACHE_KEY}-{today}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = counted(today)
        cache.set(key, found, timeout=KEPT_FOR)
    return found


def counted(today: date) -> Figures:
    """Return the figures, counted now."""
    real, examples = shown(today).filter(fictional=False), shown(today).filter(fictional=True)
    ages = _ages(real, today)
    lapsed, unconfirmed = _hidden(today)
    names = tuple(examples.order_by("name", "pk").values_list("name", flat=True))
    return Figures(
        counted_on=today,
        shown=ages[-1].listings,
        ages=ages,
        lapsed=lapsed,
        unconfirmed=unconfirmed,
        examples=len(names),
        example_names=names[:EXAMPLES_NAMED],
        reports=_reports(today),
        calls=_calls(),
    )


def _ages(real: QuerySet[Listing], today: date) -> tuple[Age, ...]:
    within = {
        f"in_{days}": Count("pk", filter=recent("confirmed_on", today, days)) for days in AGES
    }
    found: Mapping[str, int] = real.aggregate(**within, all=Count("pk"))
    whole = found["all"]
    return tuple(
        Age(
            days,
            found[f"in_{days}"],
            percent(found[f"in_{days}"], whole),
            round(100 * found[f"in_{days}"] / whole) if whole else 0,
        )
        for days in AGES
    )


def _hidden(today: date) -> tuple[int, int]:
    """Return how many are hidden as their confirmation is too old, and as there never was one."""
    real = publishable().filter(fictional=False)
    old = Count("pk", filter=Q(confirmed_on__lt=today - timedelta(days=CONFIRM_DAYS)))
    found = real.aggregate(old=old, none=Count("pk", filter=Q(confirmed_on=None)))
    return found["old"], found["none"]


def _reports(today: date) -> Reports:
    told = Report.objects.filter(by_provider=False, said_on__gt=today - REPORTS_OF)
    rows = list(told.values_list("case__outcome", "said_on", "case__settled_at"))
    counts = Counter(outcome for outcome, _, _ in rows)
    days = [(timezone.localdate(at) - said_on).days for _, said_on, at in rows if at]
    outcomes = tuple((one.label, counts[one.value]) for one in Outcome if one is not Outcome.OPEN)
    return Reports(len(rows), counts[Outcome.OPEN.value], outcomes, median_days(days))


def _calls() -> Calls:
    found = TrialCall.objects.aggregate(
        all=Count("pk"),
        first=Min("called_on"),
        answered=Count("pk", filter=Q(reached=True)),
        open=Count("pk", filter=Q(takes=Takes.YES.value)),
        said=Count("pk", filter=~Q(takes=Takes.UNKNOWN.value)),
    )
    return Calls(
        found["all"],
        found["first"],
        interval_words(found["answered"], found["all"]),
        interval_words(found["open"], found["said"]),
    )
