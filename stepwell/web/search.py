"""The reader's search: joins the index with what the rooms say may be shown today."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from uuid import UUID

from django.urls import reverse

from stepwell.apps.directory import queries as directory
from stepwell.apps.search import queries as index
from stepwell.apps.search.stems import stem
from stepwell.domain import crisis_words
from stepwell.domain.folding import spans
from stepwell.domain.sections import sections
from stepwell.domain.tags import tags

LONGEST = 10_000  # characters that are read at all
LONGEST_SHOWN = 200
MOST_PAGES = 30
BEST = 5  # of everything, above the groups
PER_GROUP = 5
PER_PAGE = 10
WHILE_TYPING = 8
ALL = ""  # the group that stands for all groups
GROUPS = {
    "article": "Articles",
    "kind": "Kinds of support",
    "profession": "Professions",
    "approach": "Approaches",
    "selftest": "Self-tests",
    "listing": "Listings",
}
ONE_OF = {
    "article": "Article",
    "kind": "Kind of support",
    "profession": "Profession",
    "approach": "Approach",
    "selftest": "Self-test",
    "listing": "Listing",
}
HELP = "Help now: people you can call or write to"
EXAMPLE = "Fictional example. Not a real service."


@dataclass(frozen=True)
class Question:
    """What was asked, with everything unknown put aside."""

    words: str = ""
    group: str = ALL
    page: int = 1
    filters: index.Filters = index.EVERYWHERE
    exact: bool = False

    @property
    def shown_words(self) -> str:
        """Return the words as the form shows them again."""
        return "".join(sign if sign.isprintable() else " " for sign in self.words[:LONGEST_SHOWN])


@dataclass(frozen=True)
class Line:
    """One result: title and summary in pieces, each with whether it is marked."""

    title: Sequence[tuple[str, bool]]
    summary: Sequence[tuple[str, bool]]
    url: str
    what: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """The results of one family, or a page of them."""

    id: str
    name: str
    lines: tuple[Line, ...]
    total: int
    page: int = 1

    @property
    def more(self) -> bool:
        """Say whether there is more than is shown."""
        return self.total > PER_GROUP

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return -(-self.total // PER_PAGE)


@dataclass(frozen=True)
class Answer:
    """What a search brought."""

    question: Question
    help_first: bool
    instead: str = ""
    best: tuple[Line, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def nothing(self) -> bool:
        """Say whether something was asked and nothing found."""
        return bool(self.question.words.strip()) and not self.groups


def read(sent: Mapping[str, str]) -> Question:
    """Return the question in a form that was sent; values that we do not offer are left out."""

    def one_of(name: str, known: Collection[str]) -> str:
        return value if (value := sent.get(name, "")) in known else ""

    page = sent.get("page", "1")
    return Question(
        words=sent.get("words", "")[:LONGEST],
        group=one_of("group", GROUPS),
        page=min(int(page), MOST_PAGES) if page.isascii() and page.isdecimal() else 1,
        filters=index.Filters(
            section=one_of("section", {section.id for section in sections()}),
            tag=one_of("tag", tags()),
        ),
        exact=sent.get("exact") == "yes",
    )


def choices() -> dict[str, list[tuple[str, str]]]:
    """Return what articles can be narrowed down by."""
    return {
        "section_choices": [(section.id, section.name) for section in sections()],
        "tag_choices": sorted(
            ((tag.id, tag.name) for tag in tags().values()), key=lambda one: one[1]
        ),
    }


def answer(question: Question, today: date) -> Answer:
    """Return what is found, the best of everything first, and whether help stands before it."""
    help_first = crisis_words.help_first(question.words)
    found = index.find(question.words, filters=question.filters, exact=question.exact)
    ranked, examples = _shown_today(found.ranked, today)
    by_family: dict[str, list[index.Ranked]] = {}
    for one in ranked:
        by_family.setdefault(one.family, []).append(one)
    best = ranked[:BEST] if question.group == ALL and len(by_family) > 1 else []
    groups = _chosen(question, by_family)
    numbers = [one.number for one in best] + [n.number for _, some, *_ in groups for n in some]
    lines = {
        hit.number: _line(hit, found.stems, examples.get(hit.key, False))
        for hit in index.hits(list(dict.fromkeys(numbers)))
    }
    return Answer(
        question=question,
        help_first=help_first,
        instead=found.instead if ranked else "",
        best=_lines(best, lines),
        groups=tuple(
            Group(family, GROUPS[family], _lines(some, lines), total, page)
            for family, some, total, page in groups
        ),
    )


def while_typing(text: str, today: date) -> list[dict[str, str]]:
    """Return what to offer somebody who is typing; where words speak of danger, help alone."""
    if crisis_words.help_first(text[:LONGEST]):
        return [{"title": HELP, "url": reverse("crisis:index"), "what": "", "first": "yes"}]
    offered = _offered(index.begun(text), today)
    if not offered:
        numbers = [one.number for one in index.find(text).ranked[: 2 * WHILE_TYPING]]
        offered = _offered(index.hits(numbers), today)
    return [
        {"title": hit.title, "url": hit.url, "what": ONE_OF[hit.family]}
        for hit in offered[:WHILE_TYPING]
    ]


def _offered(hits: Iterable[index.Hit], today: date) -> list[index.Hit]:
    """Return the first few that may be offered; no more are judged than it takes."""
    offered: list[index.Hit] = []
    waiting = iter(hits)
    while len(offered) < WHILE_TYPING and (some := list(islice(waiting, 2 * WHILE_TYPING))):
        able = [hit for hit in some if crisis_words.may_be_offered(hit.title)]
        shown = _examples((hit.key for hit in able if hit.family == "listing"), today)
        offered += [hit for hit in able if hit.family != "listing" or hit.key in shown]
    return offered


def _shown_today(
    ranked: Sequence[index.Ranked], today: date
) -> tuple[list[index.Ranked], dict[str, bool]]:
    """Return the ranked without listings that the directory does not show, and its examples."""
    examples = _examples((one.key for one in ranked if one.family == "listing"), today)
    shown = [one for one in ranked if one.family != "listing" or one.key in examples]
    return shown, examples


def _examples(keys: Iterable[str], today: date) -> dict[str, bool]:
    """Return the listings that are shown today, each with whether it is fictional."""
    wanted = [UUID(key) for key in keys]
    shown = directory.shown_among(wanted, today) if wanted else {}
    return {str(key): fictional for key, fictional in shown.items()}


def _chosen(
    question: Question, by_family: Mapping[str, list[index.Ranked]]
) -> list[tuple[str, list[index.Ranked], int, int]]:
    """Return the groups to show: family, what stands on this page, how many in all, the page."""
    if question.group:
        every = by_family.get(question.group, [])
        page = max(1, min(question.page, -(-len(every) // PER_PAGE)))
        some = every[(page - 1) * PER_PAGE : page * PER_PAGE]
        return [(question.group, some, len(every), page)] if some else []
    return [(family, some[:PER_GROUP], len(some), 1) for family, some in by_family.items()]


def _lines(ranked: Iterable[index.Ranked], lines: Mapping[int, Line]) -> tuple[Line, ...]:
    return tuple(lines[one.number] for one in ranked if one.number in lines)


def _line(hit: index.Hit, stems: Collection[str], example: bool) -> Line:
    return Line(
        title=_marked(hit.title, stems),
        summary=_marked(hit.summary, stems),
        url=hit.url,
        what=ONE_OF[hit.family],
        note=EXAMPLE if example else "",
    )


def _marked(text: str, stems: Collection[str]) -> list[tuple[str, bool]]:
    """Return a text in pieces, with those words to be marked whose stems were looked for."""
    pieces, at = [], 0
    for start, end, word in spans(text):
        if stem(word) in stems:
            pieces += [(text[at:start], False), (text[start:end], True)]
            at = end
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]
