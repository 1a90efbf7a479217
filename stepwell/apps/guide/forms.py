"""The ten questions as a form that carries its own state: nothing is kept between posts.

Field names are q1 to q10, in the order of the questions, and q5more for the one
more page that some needs call for. Everything else that is sent is ignored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from stepwell.domain.answers import KEYS, LISTS, NO_FLAG, Answers, parse_answers
from stepwell.domain.errors import BadAnswers
from stepwell.domain.guidance import needs

UNKNOWN = "unknown"
CANNOT_ANSWER = "cannot_answer"
NEEDS_PAGE = "5"
MORE_PAGE = "5more"
PAGES = ("1", "2", "3", "4", NEEDS_PAGE, MORE_PAGE, "6", "7", "8", "9", "10")
KEY_OF = dict(zip((page for page in PAGES if page != MORE_PAGE), KEYS, strict=True))
LONGEST = 40  # characters; no id is longer
MOST = 40  # answers to one question; no question has more


@dataclass(frozen=True)
class Journey:
    """What was said so far, by page, and which page was sent."""

    said: Mapping[str, tuple[str, ...]]
    at: str

    @classmethod
    def read(cls, sent: QueryDict) -> "Journey":
        """Return the journey in a post. Unknown fields and pages are ignored."""
        said = {page: tuple(_values(sent, page)) for page in PAGES}
        at = sent.get("at", "")
        return cls(said=said, at=at if at in PAGES else "")

    def without_this_page(self) -> "Journey":
        """Return the journey as if the page that was sent had been left open."""
        return Journey(said={**self.said, self.at: ()} if self.at else self.said, at=self.at)

    def asks_more(self) -> tuple[str, ...]:
        """Return the red flags that the picked needs ask about on one more page."""
        known = needs()
        picked = [known[need] for need in self.said[NEEDS_PAGE] if need in known]
        return tuple(dict.fromkeys(flag for need in picked for flag in need.asks_about))

    def pages(self) -> tuple[str, ...]:
        """Return the pages of this journey, in order."""
        return tuple(page for page in PAGES if page != MORE_PAGE or self.asks_more())

    def next_page(self) -> str | None:
        """Return the page after the one that was sent; None after the last."""
        later = [page for page in self.pages() if PAGES.index(page) > self._place()]
        return later[0] if later else None

    def previous_page(self) -> str | None:
        """Return the page before the one that was sent; None before the first."""
        earlier = [page for page in self.pages() if PAGES.index(page) < self._place()]
        return earlier[-1] if earlier else None

    def answers(self) -> Answers:
        """Return the answers so far; raise BadAnswers where a value is none of ours."""
        raw: dict[str, object] = {
            key: self._value(page, key) for page, key in KEY_OF.items() if key != "safety"
        }
        return parse_answers({**raw, "safety": self._safety()})

    def refused(self) -> tuple[str, str] | None:
        """Return page and message of the first answer that cannot be read; None if all can."""
        for page in self.pages():
            alone = Journey(said={**dict.fromkeys(PAGES, ()), page: self.said[page]}, at=page)
            try:
                alone.answers()
            except BadAnswers:
                return page, "Choose from the answers on this page, or skip the question."
        return None

    def _value(self, page: str, key: str) -> object:
        chosen = [value for value in self.said[page] if value != UNKNOWN]
        if key in LISTS:
            return chosen
        return chosen[0] if chosen else None

    def _safety(self) -> list[str]:
        """Return the red flags of both pages; a second page left open is unknown, never no."""
        first = [value for value in self.said["1"] if value != UNKNOWN]
        more = [value for value in self.said[MORE_PAGE] if value != UNKNOWN]
        if not self.asks_more():
            return [*first, *more]
        if not more:
            return [*(value for value in first if value != NO_FLAG), CANNOT_ANSWER]
        return [*first, *more] if first else [value for value in more if value != NO_FLAG]

    def _place(self) -> int:
        return PAGES.index(self.at) if self.at else -1


def _values(sent: QueryDict, page: str) -> Iterator[str]:
    for value in sent.getlist(f"q{page}")[:MOST]:
        if value:
            yield value[:LONGEST]
