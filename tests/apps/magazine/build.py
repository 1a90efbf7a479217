"""Builders of the magazine's tests: pages as an editor would make them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from stepwell.apps.magazine import actions, starter
from stepwell.apps.magazine.models import ArticleDates, ArticlePage, Byline, Reference, SectionPage

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = count(1)


HELP = '<p><a href="/help-now/">Help now</a></p>'


def make_article(
    *,
    title: str = "",
    section: str = "growth-psychology",
    standfirst: str = "A sentence about it.",
    tags: Sequence[str] = (),
    heavy: bool = False,
    content_note: str = "",
    text: str = "<p>Some text.</p>",
    references: Sequence[Reference] | None = None,
    authors: Sequence[str] = ("Ann Example",),
    published_at: datetime | None = None,
    publish: bool = True,
) -> ArticlePage:
    """Return an article, published through Wagtail unless told otherwise."""
    number = next(_numbers)
    if heavy:  # as the checks at publish ask of a heavy topic
        text, content_note = text + HELP, content_note or "It speaks of loss."
    title = title or f"Article number {number}"
    page = ArticlePage(
        title=title,
        slug=f"article-{number}",
        standfirst=standfirst,
        tags=list(tags),
        heavy=heavy,
        content_note=content_note,
        body=part("A heading", text),
        live=False,
    )
    page.references = [make_reference()] if references is None else list(references)
    page.bylines = [Byline(author=actions.author_named(name)) for name in authors]
    starter.make_site()[section].add_child(instance=page)
    if published_at:
        ArticleDates.objects.create(
            page=page, published_at=published_at, changed_on=published_at.date(), text_hash=""
        )
    if publish:
        page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


def make_reference() -> Reference:
    """Return a publication, invented and plainly so."""
    return Reference(authors="Example, A.", title="An example of a study", year=2020)


def make_many(number: int, *, tags: Sequence[str] = ("depression", "psychotherapy")) -> None:
    """Make `number` published articles, spread over the sections, one per day."""
    places = list(starter.make_site().values())
    author = actions.author_named("Ann Example")
    for at in range(number):
        page = ArticlePage(
            title=f"Article {at}",
            slug=f"many-{at}",
            standfirst="A sentence.",
            tags=[tags[at % len(tags)]],
            body=part("A heading", "<p>Some text.</p>"),
            live=True,
        )
        page.bylines = [Byline(author=author)]
        SectionPage.objects.get(pk=places[at % len(places)].pk).add_child(instance=page)
        ArticleDates.objects.create(
            page=page,
            published_at=FIRST_DAY + timedelta(days=at),
            changed_on=(FIRST_DAY + timedelta(days=at)).date(),
            text_hash="",
        )
    actions.rebuild()


def part(heading: str, text: str) -> str:
    """Return a body of one part, as Wagtail stores it."""
    return json.dumps([{"type": "part", "value": {"heading": heading, "text": text}}])
