"""What the room's templates show. No queries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from stepwell.apps.magazine import review_presenters
from stepwell.apps.magazine.models.authors import Author
from stepwell.apps.magazine.models.rows import ArticleRow, ArticleText
from stepwell.apps.magazine.vocabulary import section_of, sections_by_id
from stepwell.domain import tags
from stepwell.domain.reviews import Standing, review_standing
from stepwell.domain.sections import Section
from stepwell.domain.tags import Tag

LATEST_ON_FRONT = 5
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def home(
    words: Mapping[str, str], rows: Sequence[ArticleRow], counts: Mapping[str, int]
) -> dict[str, Any]:
    """Return the front page: the newest of each section, the newest of all, the tags."""
    return {
        **words,
        "terraces": [_terrace(section, rows) for section in sections_by_id().values()],
        "latest": rows[:LATEST_ON_FRONT],
        "tags": tag_cloud(counts),
    }


def _terrace(section: Section, rows: Sequence[ArticleRow]) -> dict[str, Any]:
    here = [row for row in rows if row.section == section.id]
    return {"section": section, "lead": here[0] if here else None, "rest": here[1:]}


def tag_cloud(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return every tag with how many articles carry it."""
    return [_tag(tag, counts.get(tag.id, 0)) for tag in tags.tags().values()]


def _tag(tag: Tag, count: int = 0) -> dict[str, Any]:
    return {"name": tag.name, "url": reverse("magazine:tag", args=[tag.id]), "count": count}


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """Return a breadcrumb that starts at the front page."""
    return [("Home", reverse("magazine:home")), *steps]


def author(found: Author, page: object) -> dict[str, Any]:
    """Return the page of an author: who they are, and what they wrote."""
    return {"author": found, "page": page, **listing(found.name, "author", found.slug)}


def listing(name: str, route: str, *args: str) -> dict[str, Any]:
    """Return what every paged list needs: the way here, and the address before a page's number."""
    base = reverse(f"magazine:{route}", args=args)
    return {"crumbs": crumbs((name, base)), "base": f"{base}page/"}


def section(section_id: str, intro: str, rows: Iterable[ArticleRow]) -> dict[str, Any]:
    """Return a section page."""
    found = section_of(section_id)
    return {
        "section": found,
        "current_section": found.id,
        "intro": intro or found.one_line,
        "rows": rows,
        **listing(found.name, "section", found.id),
    }


def article(
    row: ArticleRow,
    text: ArticleText,
    *,
    previous: ArticleRow | None = None,
    following: ArticleRow | None = None,
    related: Sequence[tuple[ArticleRow, Sequence[str]]] = (),
) -> dict[str, Any]:
    """Return an article page; what it says of its review is what holds today."""
    standing = review_standing(row, timezone.localdate())
    way = crumbs((row.section_name, f"/{row.section}/"), (row.title, row.url))
    return {
        "article": row,
        "current_section": row.section,
        "crumbs": way,
        "text": text,
        "body": mark_safe(text.body),
        "section": section_of(row.section),
        "tags": [_tag(tag) for tag in row.chosen_tags],
        "authors": row.authors,
        "review": review_presenters.badge(row, text, standing),
        "references": [reference(one) for one in text.references],
        "previous": previous,
        "following": following,
        "related": [_suggestion(other, shared) for other, shared in related],
        "structured_data": structured_data(row, way, standing),
    }


def _suggestion(other: ArticleRow, shared: Sequence[str]) -> dict[str, Any]:
    why = reason(other, shared)
    return {
        "title": other.title,
        "url": other.url,
        "hue": other.hue,
        "cover": other.cover,
        "why": why,
    }


def reason(other: ArticleRow, shared: Sequence[str]) -> str:
    """Return why an article is suggested, in words for the reader."""
    names = [tag.name for tag in tags.known(shared)]
    return f"Also about {' and '.join(names)}" if names else f"Also in {other.section_name}"


def reference(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a reference with the addresses of its identifiers."""
    doi, pmid, title = one["doi"], one["pmid"], one["title"]
    return {
        **one,
        "title": title if title.endswith((".", "?", "!")) else f"{title}.",
        "doi_url": f"https://doi.org/{quote(doi, safe='/')}" if doi else "",
        "pmid_url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else "",
    }


def structured_data(
    row: ArticleRow, way: Sequence[tuple[str, str]], standing: Standing
) -> SafeString:
    """Return the JSON-LD of an article: nothing but what the page shows."""
    graph = [_article_data(row, standing), _crumb_data(way)]
    whole = {"@context": "https://schema.org", "@graph": graph}
    # Without these three signs no text of an editor can end the element it stands in.
    return mark_safe(json.dumps(whole, ensure_ascii=False).translate(_ESCAPES))


def _article_data(row: ArticleRow, standing: Standing) -> dict[str, Any]:
    page = {"@type": "WebPage", "@id": settings.SITE_URL + row.url}
    return {
        "@type": "Article",
        "headline": row.title,
        "description": row.standfirst,
        "author": [_author_data(one) for one in row.authors],
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME},
        "datePublished": row.published_on.isoformat(),
        "dateModified": row.changed_on.isoformat(),
        "articleSection": row.section_name,
        "mainEntityOfPage": {**page, **review_presenters.machine_words(standing)},
    }


def _author_data(one: Mapping[str, Any]) -> dict[str, Any]:
    kind = "Organization" if one["is_team"] else "Person"
    url = settings.SITE_URL + reverse("magazine:author", args=[one["slug"]])
    return {"@type": kind, "name": one["name"], "url": url}


def _crumb_data(way: Sequence[tuple[str, str]]) -> dict[str, Any]:
    steps = [
        {"@type": "ListItem", "position": at, "name": name, "item": settings.SITE_URL + url}
        for at, (name, url) in enumerate(way, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}
