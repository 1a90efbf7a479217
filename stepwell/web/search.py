"""One search over all rooms: articles, kinds of support, professions, self-tests, help now."""

from dataclasses import dataclass

from django.urls import reverse

from stepwell.apps.magazine import queries as magazine
from stepwell.domain.instruments import instruments
from stepwell.domain.professions import professions
from stepwell.domain.support import kinds

PER_GROUP = 10
# Words that mean a person may be in danger: help comes first, whatever else is found.
CRISIS_WORDS = (
    "suicid",
    "kill myself",
    "end my life",
    "end it all",
    "want to die",
    "self harm",
    "self-harm",
    "hurt myself",
    "cutting",
    "overdose",
    "unalive",
    "kms",
    "raped",
    "beats me",
    "hits me",
)


@dataclass(frozen=True)
class Hit:
    """One thing found: its title, its address and a line about it."""

    title: str
    url: str
    line: str


@dataclass(frozen=True)
class Found:
    """What a search brought, by group; `help_first` where the words speak of danger."""

    groups: tuple[tuple[str, tuple[Hit, ...]], ...]
    help_first: bool

    @property
    def total(self) -> int:
        """How many things were found."""
        return sum(len(hits) for _, hits in self.groups)


def find(text: str) -> Found:
    """Return what fits the words; odd input finds nothing and never fails."""
    wanted = text.replace("\x00", " ").casefold().split()
    if not wanted:
        return Found(groups=(), help_first=False)
    groups = (
        ("Kinds of support", _kinds(wanted)),
        ("Professions", _professions(wanted)),
        ("Self-tests", _tests(wanted)),
        ("Articles", _articles(text)),
    )
    joined = " ".join(wanted)
    danger = any(word in joined for word in CRISIS_WORDS)
    return Found(groups=tuple((name, hits) for name, hits in groups if hits), help_first=danger)


def _fits(wanted: list[str], *texts: str) -> bool:
    whole = " ".join(texts).casefold()
    return all(word in whole for word in wanted)


def _kinds(wanted: list[str]) -> tuple[Hit, ...]:
    hits = (
        Hit(kind.name, reverse("support:kind", args=[kind.id]), kind.one_line)
        for kind in kinds().values()
        if _fits(wanted, kind.name, kind.one_line)
    )
    return tuple(hits)[:PER_GROUP]


def _professions(wanted: list[str]) -> tuple[Hit, ...]:
    hits = (
        Hit(job.name, reverse("support:profession", args=[job.id]), job.one_line)
        for job in professions().values()
        if _fits(wanted, job.name, job.one_line)
    )
    return tuple(hits)[:PER_GROUP]


def _tests(wanted: list[str]) -> tuple[Hit, ...]:
    hits = (
        Hit(test.name, reverse("selftests:intro", args=[test.id]), test.measures)
        for test in instruments().values()
        if _fits(wanted, test.name, test.measures)
    )
    return tuple(hits)[:PER_GROUP]


def _articles(text: str) -> tuple[Hit, ...]:
    rows = magazine.search(text, limit=PER_GROUP)
    return tuple(Hit(row.title, row.url, row.standfirst) for row in rows)
