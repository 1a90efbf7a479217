"""What an article must have before readers see it. Blocking findings refuse the publish.

Pure: a plain value of the article comes in, findings come out. Each says where,
what is wrong and the repair.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

from stepwell.domain import crisis_facts, wording
from stepwell.domain.sources import Frozen
from stepwell.domain.wording import Level, Where

LONGEST_SENTENCE = 35  # words
EMPTY_LINKS = {"here", "click here", "this", "link", "more", "read more", "this page", "this link"}
_PHONE = re.compile(r"(?<![\w.,/:–-])[+(]?\d[\d() -]{5,17}\d(?![\w/%]|[.,]\d)")
_THOUSANDS = re.compile(r"^\d{1,3}(?: \d{3})+$")
_CALLED = re.compile(
    r"\b(?:call|calls|calling|text|texts|ring|dial|phone|phoning|telephone)\s+(?:us on |on )?"
    r"((?:\+?\d[\d() -]{1,16}\d)(?![\w%]))",
    re.IGNORECASE,
)
_YEARS = re.compile(r"^(?:1[89]|20)\d\d(?:\D+(?:1[89]|20)?\d\d)?$")


class Picture(Frozen):
    """A picture as the check sees it."""

    where: str
    alt: str
    decorative: bool


class Link(Frozen):
    """A link as the check sees it."""

    where: str
    text: str
    url: str


class Passage(Frozen):
    """Some text of the article, and where it stands."""

    where: str
    text: str


class Draft(Frozen):
    """An article as it would be published."""

    title: str
    standfirst: str
    authors: tuple[str, ...]
    references: int
    pictures: tuple[Picture, ...] = ()
    headings: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    passages: tuple[Passage, ...] = ()
    marks: tuple[int, ...] = ()  # numbers that stand in square brackets in the text
    heavy: bool = False
    content_note: str = ""
    helps: bool = False
    review_due: date | None = None
    review_planned_on: date | None = None
    no_review_reason: str = ""


class Finding(Frozen):
    """One thing that a check found."""

    check: str
    level: Level
    where: str
    what: str
    repair: str

    @property
    def blocks(self) -> bool:
        """Return whether the article may not be published like this."""
        return self.level is Level.BLOCKING

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.repair}"


def look(draft: Draft, *, today: date) -> list[Finding]:
    """Return everything that was found, what blocks first."""
    found = [finding for check in CHECKS for finding in check(draft)]
    found += _review(draft, today)
    return sorted(found, key=lambda one: not one.blocks)


def blocking(draft: Draft, *, today: date) -> list[Finding]:
    """Return what refuses the publish."""
    return [finding for finding in look(draft, today=today) if finding.blocks]


def _block(check: str, where: str, what: str, repair: str) -> Finding:
    return Finding(check=check, level=Level.BLOCKING, where=where, what=what, repair=repair)


def _advise(check: str, where: str, what: str, repair: str) -> Finding:
    return Finding(check=check, level=Level.ADVISORY, where=where, what=what, repair=repair)


def _who_and_what(draft: Draft) -> Iterator[Finding]:
    if not any(name.strip() for name in draft.authors):
        yield _block("author", "Authors", "Nobody is named.", "Choose who wrote it.")
    if not draft.standfirst.strip():
        words = "Write one or two sentences that say what a reader will learn."
        yield _block("summary", "Summary", "It is empty.", words)
    elif draft.standfirst.strip().casefold() == draft.title.strip().casefold():
        words = "Say what a reader will learn."
        yield _block("summary", "Summary", "It repeats the title.", words)


def _pictures(draft: Draft) -> Iterator[Finding]:
    for one in draft.pictures:
        if one.decorative:
            continue
        if not one.alt.strip():
            words = "Say what it shows, or mark it as decorative."
            yield _block("alt-text", one.where, "It has no alternative text.", words)
        elif one.alt.strip().casefold() in {"blank", "image", "picture", "photo", "cover"}:
            words = "Say what the picture shows."
            yield _block("alt-text", one.where, f"{one.alt!r} says nothing.", words)


def _references(draft: Draft) -> Iterator[Finding]:
    if not draft.references:
        words = "Add the publications that the text rests on."
        yield _block("references", "References", "There is none.", words)
    for mark in sorted({one for one in draft.marks if one > draft.references or one < 1}):
        words = "Add the reference, or correct the number."
        yield _block("references", "Text", f"[{mark}] has no reference.", words)


def _review(draft: Draft, today: date) -> Iterator[Finding]:
    if draft.review_due or draft.no_review_reason.strip():
        return
    if draft.review_planned_on is None:
        words = "Plan a review, or say why none is planned."
        yield _block("review", "Review", "No date is set.", words)
    elif draft.review_planned_on < today:
        words = "Have it reviewed, or plan another day."
        yield _advise("review", "Review", "The planned day has passed.", words)


def _care(draft: Draft) -> Iterator[Finding]:
    if not draft.heavy:
        return
    if not draft.content_note.strip():
        words = "Say in a few words what the text speaks of."
        yield _block("content-note", "Content note", "A heavy topic has none.", words)
    to_help = any(one.url.startswith("/help-now") for one in draft.links)
    if not (draft.helps or to_help):
        words = 'Add the box "What helps next", with a link to /help-now/.'
        yield _block("help-box", "Text", "A heavy topic offers no help.", words)


def _headings(draft: Draft) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, heading in enumerate(draft.headings, start=1):
        where, folded = f"Part {at}", heading.strip().casefold()
        if not folded:
            yield _block(
                "headings", where, "The heading is empty.", "Write what the part is about."
            )
        elif folded in seen:
            words = "Give each part a heading of its own."
            yield _advise("headings", where, f"{heading!r} is there twice.", words)
        elif re.match(r"\d+[.)]\s", heading):
            words = "Leave it out: parts are numbered for you."
            yield _advise("headings", where, "The heading begins with a number.", words)
        seen.add(folded)


def _links(draft: Draft) -> Iterator[Finding]:
    for one in draft.links:
        text = " ".join(one.text.split()).casefold().strip(" .:!")
        if not text:
            yield _block("link-text", one.where, "A link has no text.", "Name where it leads.")
        elif text in EMPTY_LINKS or text.startswith(("http://", "https://", "www.")):
            words = "Name where it leads; a list of links is read without the sentence around it."
            yield _block("link-text", one.where, f"A link is called {one.text.strip()!r}.", words)


def _phone_numbers(draft: Draft) -> Iterator[Finding]:
    known = _known_numbers()
    for passage in draft.passages:
        for number in dict.fromkeys(_numbers(passage.text)):
            if _digits(number) not in known:
                words = "Link to /help-now/, where numbers are checked, or take it out."
                what = f"{number} is a phone number that nobody renews here."
                yield _block("phone-number", passage.where, what, words)
    for link in draft.links:
        if link.url.startswith("tel:") and _digits(link.url) not in known:
            words = "Link to /help-now/, where numbers are checked."
            yield _block("phone-number", link.where, "A link dials an unchecked number.", words)


def _numbers(text: str) -> Iterator[str]:
    for found in _CALLED.finditer(text):
        yield found[1].strip()
    for found in _PHONE.finditer(text):
        number = found[0].strip()
        if 7 <= len(_digits(number)) <= 15 and _dialled(number):
            yield number


def _dialled(number: str) -> bool:
    """Return whether a row of figures looks dialled: no years, no amount, groups or a prefix."""
    if _YEARS.match(number) or _THOUSANDS.match(number):
        return False
    return number.startswith(("+", "0", "(")) or len(re.findall(r"\d+", number)) >= 2


def _known_numbers() -> set[str]:
    known = set()
    for country in crisis_facts.numbers().values():
        for _, number in country.every_number():
            known |= {_digits(number.show), _digits(number.dial)}
    return known


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _wording(draft: Draft) -> Iterator[Finding]:
    whole = "\n".join(
        [draft.title, draft.standfirst, draft.content_note, *(p.text for p in draft.passages)]
    )
    shown_alone = [Passage(where="Title", text=draft.title)]
    shown_alone += [Passage(where="Summary", text=draft.standfirst)]
    alts = [Passage(where=one.where, text=one.alt) for one in draft.pictures if one.alt]
    for family in wording.FAMILIES:
        for place, passages in (
            (Where.TITLE, shown_alone),
            (Where.ANYWHERE, [*draft.passages, *alts]),
        ):
            for passage in passages:
                for hit in wording.look(family, passage.text, where=place, whole=whole):
                    yield _hit(hit, passage.where)


def _hit(hit: wording.Hit, where: str) -> Finding:
    sentence = hit.sentence if len(hit.sentence) <= 160 else f"{hit.sentence[:157]}..."
    return Finding(
        check=hit.rule.id,
        level=hit.rule.level,
        where=where,
        what=f"\u201c{sentence}\u201d {hit.rule.because}",
        repair=hit.rule.repair,
    )


def _long_sentences(draft: Draft) -> Iterator[Finding]:
    for passage in draft.passages:
        for sentence in wording.sentences(passage.text):
            words = len(sentence.split())
            if words > LONGEST_SENTENCE:
                what = f"\u201c{sentence[:80]}...\u201d has {words} words."
                yield _advise("long-sentence", passage.where, what, "Make two of it.")


CHECKS: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    _who_and_what,
    _pictures,
    _references,
    _care,
    _headings,
    _links,
    _phone_numbers,
    _wording,
    _long_sentences,
)
