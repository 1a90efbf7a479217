"""From a page as editors wrote it to what the checks look at, and what they found."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

from django.utils import timezone
from django.utils.html import strip_tags

from stepwell.apps.magazine import rendering
from stepwell.apps.magazine.models.overrides import PublishOverride
from stepwell.apps.magazine.models.reviews import ReviewEvent
from stepwell.domain import publish_checks, readability
from stepwell.domain.errors import DomainError
from stepwell.domain.publish_checks import Draft, Finding, Link, Passage, Picture

_LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_HREF = re.compile(r'href="([^"]*)"')
_END = re.compile(r"</(?:p|li|h[1-6]|blockquote)>|<br\s*/?>", re.IGNORECASE)
_MARK = re.compile(r"\[(\d{1,2})\]")


class PublishRefused(DomainError):
    """An article may not be published as it is. The message names every reason."""

    def __init__(self, page: Any, findings: Sequence[Finding]) -> None:
        self.page_id, self.findings = page.pk, tuple(findings)
        reasons = " ".join(str(one) for one in findings)
        super().__init__(f"Not published: \u201c{page.title}\u201d. {reasons}")


def check_can_publish(page: Any) -> None:
    """Raise PublishRefused unless the checks are content with `page`, or were overridden."""
    found = unanswered(page)
    if found:
        raise PublishRefused(page, found)


def unanswered(page: Any) -> list[Finding]:
    """Return what blocks the publish and no override answers for this very text."""
    found = publish_checks.blocking(draft_of(page), today=timezone.localdate())
    if not found or page.pk is None:
        return found
    given = PublishOverride.objects.filter(page_id=page.pk, text_hash=rendering.hash_of(page))
    answered = {check for one in given for check in one.checks}
    return [one for one in found if one.check not in answered]


def findings(page: Any) -> list[Finding]:
    """Return everything that the checks found, also what only advises."""
    return publish_checks.look(draft_of(page), today=timezone.localdate())


def readability_of(page: Any) -> readability.Readability:
    """Return the figures of the article's text."""
    return readability.of("\n".join(one.text for one in _passages(page)))


def draft_of(page: Any) -> Draft:
    """Return the article as a plain value."""
    passages = tuple(_passages(page))
    return Draft(
        title=page.title,
        standfirst=page.standfirst,
        authors=tuple(one.author.name for one in page.bylines.all() if one.author_id),
        references=len(page.references.all()),
        pictures=tuple(_pictures(page)),
        headings=tuple(b.value["heading"] for b in page.body if b.block_type == "part"),
        links=tuple(_links(page)),
        passages=passages,
        marks=tuple(int(mark) for one in passages for mark in _MARK.findall(one.text)),
        heavy=page.heavy,
        content_note=page.content_note,
        helps=any(block.block_type == "helps" for block in page.body),
        review_due=_review_due(page),
        review_planned_on=page.review_planned_on,
        no_review_reason=page.no_review_reason,
    )


def _review_due(page: Any) -> Any:
    events = ReviewEvent.objects.filter(page_id=page.pk, review_due__isnull=False)
    return events.order_by("at").values_list("review_due", flat=True).last()


def _pictures(page: Any) -> Iterator[Picture]:
    if page.cover_image_id:
        yield Picture(
            where="Cover picture", alt=page.cover_alt, decorative=bool(page.cover_decorative)
        )
    for at, block in enumerate(page.body, start=1):
        if block.block_type == "figure" and block.value["picture"]:
            image = block.value["picture"]
            alt, plain = image.contextual_alt_text or "", bool(image.decorative)
            yield Picture(where=f"Picture in block {at}", alt=alt, decorative=plain)


def _rich(page: Any) -> Iterator[tuple[str, str]]:
    """Yield where, and the HTML, of every rich text."""
    part = 0
    for at, block in enumerate(page.body, start=1):
        if block.block_type == "part":
            part += 1
            yield f"Part {part}", str(block.value["text"].source)
        elif block.block_type == "content_note":
            yield f"Folded text in block {at}", str(block.value["text"].source)


def _passages(page: Any) -> Iterator[Passage]:
    for at, block in enumerate(page.body, start=1):
        if block.block_type == "quote":
            yield Passage(where=f"Quotation in block {at}", text=block.value["words"])
    for heading in (b.value["heading"] for b in page.body if b.block_type == "part"):
        yield Passage(where="Heading", text=heading)
    for where, html in _rich(page):
        yield Passage(where=where, text=unescape(strip_tags(_END.sub("\n", html))))


def _links(page: Any) -> Iterator[Link]:
    for where, html in _rich(page):
        for attributes, inner in _LINK.findall(html):
            href = _HREF.search(attributes)
            text = unescape(strip_tags(inner))
            yield Link(where=where, text=text, url=unescape(href[1]) if href else "")
    for block in page.body:
        if block.block_type == "helps":
            for one in block.value["links"]:
                yield Link(where="What helps next", text=one["label"], url=one["url"])
