"""From a page as editors wrote it to the rows that readers are shown. Saves nothing."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, Protocol

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from stepwell.apps.magazine import pictures, words
from stepwell.apps.magazine.models.rows import ArticleDates, ArticleRow, ArticleText
from stepwell.apps.search.documents import Document
from stepwell.domain import related


class Written(Protocol):
    """An article as an editor wrote it: the page model has this shape."""

    pk: Any
    title: str
    slug: str
    standfirst: str
    content_note: str
    heavy: bool
    helping: str
    cover_image: Any
    cover_image_id: Any
    cover_alt: str
    cover_decorative: bool
    tags: list[str]
    path: str
    body: Any
    references: Any
    bylines: Any
    first_published_at: Any

    @property
    def author(self) -> str:
        """Return the names above the text."""

    def get_parent(self) -> Any:
        """Return the section's page."""


LONGEST_BYLINE = 400
REFERENCE_FIELDS = ("authors", "title", "published_in", "year", "doi", "pmid", "url")
_TAGS_AND_TEXT = re.compile(r"(<[^>]*>)")
_MARK = re.compile(r"\s?\[(\d{1,2})\]")


def hash_of(page: Written) -> str:
    """Return a fingerprint of every word of the article; a new template does not change it."""
    return hash_of_written(written_as(page))


def written_as(page: Written) -> str:
    """Return every word of the article as one canonical text: what its fingerprint is made of."""
    blocks = [(block.block_type, block.block.get_prep_value(block.value)) for block in page.body]
    told = [page.title, page.standfirst, page.author, page.content_note, page.heavy, page.tags]
    if page.cover_image_id:
        told.append([page.cover_image_id, page.cover_alt, page.cover_decorative])
    whole = _without_ids([told, blocks, _references(page)])
    return json.dumps(whole, sort_keys=True)


def hash_of_written(written: str) -> str:
    """Return the fingerprint of a canonical text."""
    return hashlib.sha256(written.encode()).hexdigest()


def row_of(page: Written, section: str, dates: ArticleDates, *, starter: bool) -> ArticleRow:
    """Return the row of `page`, not saved."""
    return ArticleRow(
        page_id=page.pk,
        section=section,
        slug=page.slug,
        title=page.title,
        standfirst=page.standfirst,
        author=page.author[:LONGEST_BYLINE],
        authors=authors_of(page),
        published_at=dates.published_at,
        changed_on=dates.changed_on,
        minutes=words.minutes_to_read(" ".join(_plain(page))),
        tags=list(dict.fromkeys(page.tags)),
        cover=pictures.cover(page),
        heavy=page.heavy,
        helping=is_helping(page),
        starter=starter,
    )


def is_helping(page: Written) -> bool:
    """Return whether the article says what one can do: its editor decides, else its headings."""
    if page.heavy:
        return False
    headings = [block.value["heading"] for block in page.body if block.block_type == "part"]
    return page.helping == "yes" or (page.helping == "" and related.says_what_helps(headings))


def authors_of(page: Written) -> list[dict[str, Any]]:
    """Return each author once, in their order, as the row keeps them."""
    found = {one.author_id: one.author for one in page.bylines.all()}.values()
    return [{"name": one.name, "slug": one.slug, "is_team": one.is_team} for one in found]


def text_of(page: Written) -> ArticleText:
    """Return the text of `page`, rendered, not saved."""
    references = _references(page)
    body, contents = _body(page, len(references))
    return ArticleText(
        row_id=page.pk,
        content_note=page.content_note,
        body=body,
        contents=contents,
        references=references,
    )


def document_of(page: Written, row: ArticleRow) -> Document:
    """Return what search may find of `page`: only words that its readers see at once."""
    return Document(
        family="article",
        key=str(row.page_id),
        title=row.title,
        summary=row.standfirst,
        body=" ".join(_plain(page)),
        section=row.section,
        tags=tuple(row.tags),
        url=row.url,
        published_on=row.published_on,
        heavy=row.heavy,
    )


def draft(page: Written) -> tuple[ArticleRow, ArticleText]:
    """Return row and text of a page that is not published, for the editor's preview."""
    now = timezone.now()
    dates = ArticleDates(published_at=page.first_published_at or now, changed_on=now.date())
    parent = page.get_parent() if page.path else None
    section = parent.slug if parent else ""
    return row_of(page, section, dates, starter=False), text_of(page)


def _without_ids(value: Any) -> Any:
    """Return `value` without the random ids that Wagtail gives to the items of a list."""
    if isinstance(value, dict):
        return {key: _without_ids(inner) for key, inner in value.items() if key != "id"}
    if isinstance(value, list | tuple):
        return [_without_ids(inner) for inner in value]
    return value


def _references(page: Written) -> list[dict[str, Any]]:
    found = page.references.all()
    return [{name: getattr(one, name) for name in REFERENCE_FIELDS} for one in found]


def _body(page: Written, references: int) -> tuple[str, list[list[str]]]:
    pieces: list[str] = []
    contents: list[list[str]] = []
    for block in page.body:
        context: dict[str, Any] = {}
        if block.block_type == "part":
            anchor = _anchor(block.value["heading"], [known for known, _ in contents])
            contents.append([anchor, block.value["heading"]])
            context = {"anchor": anchor, "number": len(contents)}
        pieces.append(str(block.render(context=context)))
    return _link_marks("".join(pieces), references), contents


def _anchor(heading: str, taken: list[str]) -> str:
    """Return an anchor made of the heading, so that moving a part keeps links to it right."""
    base = f"part-{slugify(heading)[:60]}".rstrip("-")  # no clash with ids of the page itself
    anchor, count = base, 2
    while anchor in taken:
        anchor, count = f"{base}-{count}", count + 1
    return anchor


def _link_marks(html: str, references: int) -> str:
    """Turn [1] in the text, never inside a tag, into a link to the first reference."""

    def link(mark: re.Match[str]) -> str:
        number = int(mark[1])
        if not 1 <= number <= references:
            return mark[0]
        return f'<sup><a href="#reference-{number}">{number}</a></sup>'

    parts = _TAGS_AND_TEXT.split(html)
    whole = "".join(part if part.startswith("<") else _MARK.sub(link, part) for part in parts)
    return mark_safe(whole)


def _plain(page: Written) -> Iterator[str]:
    """Yield the visible words of the article; folded passages stay where they are."""
    for block in page.body:
        if block.block_type == "part":
            yield block.value["heading"]
            yield strip_tags(str(block.value["text"].source).replace("<", " <"))
        elif block.block_type == "quote":
            yield block.value["words"]
