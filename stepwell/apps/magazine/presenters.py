"""What the room's templates show. No queries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.template.defaultfilters import date as written_date
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from stepwell.apps.magazine import cards, review_presenters, structured
from stepwell.apps.magazine.models.authors import Author
from stepwell.apps.magazine.models.notices import Notice
from stepwell.apps.magazine.models.rows import ArticleRow, ArticleText
from stepwell.apps.magazine.vocabulary import section_of, sections_by_id
from stepwell.apps.pages.recording import good_through
from stepwell.domain import tags
from stepwell.domain.notices import places
from stepwell.domain.reviews import review_standing
from stepwell.domain.sections import Section
from stepwell.domain.tags import Tag
from stepwell.lib import schema_org

LATEST_ON_FRONT = 5
NEWS_ON_FRONT = 4
LATEST_WORDS = "Every article of this site, the newest first."
ARCHIVE_WORDS = "Every article of this site, by the month in which it was first published."
TAGS_WORDS = "Every topic of this site, with how many articles there are about it."
NEUTRAL_WORDS = "An article that comes with a note before the text."


def home(
    words: Mapping[str, str], rows: Sequence[ArticleRow], counts: Mapping[str, int]
) -> dict[str, Any]:
    """Return the front page: the newest of each section, the newest of all, the tags."""
    return {
        **words,
        "terraces": [
            _terrace(section, rows)
            for section in sections_by_id().values()
            if section.id != structured.NEWS
        ],
        "latest": [_dated(row) for row in rows[:LATEST_ON_FRONT]],
        "news": [_dated(row) for row in rows if row.section == structured.NEWS][:NEWS_ON_FRONT],
        "news_section": section_of(structured.NEWS),
        "tags": tag_cloud(counts),
        "structured_data": schema_org.graph(structured.website()),
    }


def _terrace(section: Section, rows: Sequence[ArticleRow]) -> dict[str, Any]:
    here = [row for row in rows if row.section == section.id]
    return {
        "section": section,
        "url": f"{get_script_prefix()}{section.id}/",
        "lead": _lead(here[0]) if here else None,
        "rest": [_listed(row) for row in here[1:]],
    }


def _listed(row: ArticleRow, why: str = "") -> dict[str, Any]:
    return {"title": row.title, "url": row.url, "hue": row.hue, "cover": row.cover, "why": why}


def _lead(row: ArticleRow) -> dict[str, Any]:
    published = written_date(row.published_on, "j F Y")
    told = {"standfirst": row.standfirst, "published": published, "minutes": row.minutes}
    return {**_listed(row), **told}


def _dated(row: ArticleRow) -> dict[str, Any]:
    return _listed(row, f"{row.section_name} · {written_date(row.published_on, 'j F Y')}")


def tag_cloud(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return every tag with how many articles carry it."""
    return [_tag(tag, counts.get(tag.id, 0)) for tag in tags.tags().values()]


def _tag(tag: Tag, count: int = 0) -> dict[str, Any]:
    # Not by reverse(): a front page asks for dozens.
    return {"name": tag.name, "url": f"{get_script_prefix()}tags/{tag.id}/", "count": count}


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """Return a breadcrumb that starts at the front page."""
    return [("Home", reverse("magazine:home")), *steps]


def listing(
    name: str, base: str, words: str, rows: Sequence[ArticleRow], *above: tuple[str, str]
) -> dict[str, Any]:
    """Return what every list of articles needs: the way here, its address, its own description."""
    way = crumbs(*above, (name, base))
    return {
        "heading": name,
        "description": words,
        "crumbs": way,
        "base": base,
        "rows": rows,
        "structured_data": schema_org.graph(
            structured.collection(name, base, rows, words), structured.breadcrumb(way)
        ),
    }


def latest(rows: Sequence[ArticleRow]) -> dict[str, Any]:
    """Return the list of all articles."""
    return listing("Latest articles", reverse("magazine:latest"), LATEST_WORDS, rows)


def tag(found: Tag, rows: Sequence[ArticleRow]) -> dict[str, Any]:
    """Return the page of a tag, with its feeds."""
    name = f"Articles about {found.name}"
    words = f"What this site has written about {found.name}, the newest first."
    base = reverse("magazine:tag", args=[found.id])
    above = ("Topics", reverse("magazine:tags"))
    return {
        "tag": found,
        "feeds": feeds_of("tag", found.id, found.name),
        **listing(name, base, words, rows, above),
    }


def tag_index(counts: Mapping[str, int]) -> dict[str, Any]:
    """Return the page of all tags, by name."""
    way = crumbs(("Topics", reverse("magazine:tags")))
    cloud = sorted(tag_cloud(counts), key=lambda one: str(one["name"]).casefold())
    data = schema_org.graph(structured.breadcrumb(way))
    return {"tags": cloud, "crumbs": way, "description": TAGS_WORDS, "structured_data": data}


def author(found: Author, rows: Sequence[ArticleRow]) -> dict[str, Any]:
    """Return the page of an author: who they are, and what they wrote."""
    shown = listing(found.name, found.url, "", rows, ("Authors", reverse("magazine:authors")))
    data = schema_org.graph(structured.profile(found), structured.breadcrumb(shown["crumbs"]))
    return {
        **shown,
        "author": found,
        "description": f"Who {found.name} is, and the articles with this name.",
        "feeds": feeds_of("author", found.slug, found.name),
        "structured_data": data,
    }


def author_index(found: Iterable[Author]) -> dict[str, Any]:
    """Return the page of all authors."""
    way = crumbs(("Authors", reverse("magazine:authors")))
    data = schema_org.graph(structured.breadcrumb(way))
    return {"authors": found, "crumbs": way, "structured_data": data}


def section(
    section_id: str,
    intro: str,
    rows: Sequence[ArticleRow],
    section_tags: Sequence[tuple[str, int]] = (),
) -> dict[str, Any]:
    """Return a section page: its articles, its tags, its feeds."""
    found = section_of(section_id)
    base, words = reverse("magazine:section", args=[found.id]), intro or found.one_line
    counts = dict(section_tags)
    return {
        "section": found,
        "current_section": found.id,
        "intro": words,
        "card": cards.address(cards.of_section(found), found.id),
        "tags": [_tag(one, counts[one.id]) for one in tags.known(counts)],
        "feeds": feeds_of("section", found.id, found.name),
        **listing(found.name, base, words, rows),
    }


def archive(months: Sequence[tuple[date, int]]) -> dict[str, Any]:
    """Return the archive: years, each with its months."""
    way = crumbs(("Archive", reverse("magazine:archive")))
    years = [
        (year, [_month(month, count) for month, count in held])
        for year, held in groupby(months, key=lambda one: one[0].year)
    ]
    data = schema_org.graph(structured.breadcrumb(way))
    return {"years": years, "crumbs": way, "description": ARCHIVE_WORDS, "structured_data": data}


def archive_month(
    month: date, rows: Sequence[ArticleRow], *, older: date | None, newer: date | None
) -> dict[str, Any]:
    """Return the articles of one month, with the months before and after that have any."""
    name = written_date(month, "F Y")
    words = f"Articles first published in {name}."
    shown = listing(name, month_url(month), words, rows, ("Archive", reverse("magazine:archive")))
    around = {"older": older, "newer": newer}
    return shown | {key: _month(held) for key, held in around.items() if held}


def month_url(month: date) -> str:
    """Return the address of a month of the archive."""
    return reverse("magazine:month", args=[month.year, f"{month:%m}"])


def _month(month: date, count: int = 0) -> dict[str, Any]:
    return {"name": written_date(month, "F Y"), "url": month_url(month), "count": count}


def list_paths(used: Iterable[str], authors: Iterable[Author], months: Iterable[date]) -> list[str]:
    """Return the addresses of all pages but articles, for the sitemap."""
    names = ("home", "latest", "tags", "authors", "archive", "sponsors")
    return [
        *(reverse(f"magazine:{name}") for name in names),
        *(reverse("magazine:section", args=[one]) for one in sections_by_id()),
        *(reverse("magazine:tag", args=[one.id]) for one in tags.known(used)),
        *(one.url for one in authors),
        *(month_url(month) for month in months),
    ]


def feeds_of(kind: str, which: str, name: str) -> dict[str, str]:
    """Return the feeds of a section, a tag or an author."""
    rss, atom = (reverse(f"magazine:{kind}_{form}", args=[which]) for form in ("rss", "atom"))
    return {"name": name, "rss": rss, "atom": atom}


def article(
    row: ArticleRow,
    text: ArticleText,
    *,
    previous: ArticleRow | None = None,
    following: ArticleRow | None = None,
    related: Sequence[tuple[ArticleRow, Sequence[str]]] = (),
) -> dict[str, Any]:
    """Return an article page; what it says of its review is what holds today."""
    today = timezone.localdate()
    standing = review_standing(row, today)
    if row.review_due and row.review_due >= today:
        good_through(row.review_due)
    way = crumbs((row.section_name, f"/{row.section}/"), (row.title, row.url))
    noted = bool(row.heavy or text.content_note)
    references = [reference(one) for one in text.references]
    names = [tag.name for tag in row.chosen_tags]
    return {
        "article": row,
        "current_section": row.section,
        "crumbs": way,
        "text": text,
        "body": mark_safe(text.body),
        "section": section_of(row.section),
        "tags": [_tag(tag) for tag in row.chosen_tags],
        "authors": row.authors,
        "has_own_box": 'class="helps"' in text.body,
        "tests": [_tests_about(tag) for tag in row.chosen_tags],
        "review": review_presenters.badge(row, text, standing),
        "references": references,
        "previous": previous,
        "following": following,
        "related": [_suggestion(other, shared) for other, shared in related],
        "description": NEUTRAL_WORDS if noted else row.standfirst,
        "card_title": row.section_name if noted else row.title,
        "card": cards.address(cards.of_article(row, noted=noted), row.section, row.slug),
        "feeds": feeds_of("section", row.section, row.section_name),
        "structured_data": schema_org.graph(
            structured.article(row, standing, names, references), structured.breadcrumb(way)
        ),
    }


def _tests_about(tag: Tag) -> dict[str, str]:
    return {"name": tag.name, "url": reverse("selftests:by_tag", args=[tag.id])}


def _suggestion(other: ArticleRow, shared: Sequence[str]) -> dict[str, Any]:
    return _listed(other, reason(other, shared))


def reason(other: ArticleRow, shared: Sequence[str]) -> str:
    """Return why an article is suggested, in words for the reader."""
    names = [tag.name for tag in tags.known(shared)]
    why = f"Also about {' and '.join(names)}" if names else f"Also in {other.section_name}"
    return f"{why}, with things to try" if other.helping else why


def reference(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a reference with the addresses of its identifiers."""
    doi, pmid, title = one["doi"], one["pmid"], one["title"]
    return {
        **one,
        "title": title if title.endswith((".", "?", "!")) else f"{title}.",
        "doi_url": f"https://doi.org/{quote(doi, safe='/')}" if doi else "",
        "pmid_url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else "",
    }


def sponsors(found: Sequence[Notice]) -> dict[str, Any]:
    """Return the page on who advertises here."""
    return {
        "notices": found,
        "families": places().families,
        "crumbs": crumbs(("Who advertises here", reverse("magazine:sponsors"))),
    }
