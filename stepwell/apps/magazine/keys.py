"""What the magazine's pages are made from, by the names the page store knows.

Reads name what they show; `touched_by` says what a change of one article touches. The tables
that each family of keys speaks for are named here too: a page that reads another is not kept.
"""

from collections.abc import Iterable, Iterator

from stepwell.apps.magazine.models import ArticleRow
from stepwell.apps.pages.recording import covers, made_from
from stepwell.domain.sections import sections

FRONT, LATEST, TAGS, MONTHS, AUTHORS, FILES = (
    "front",
    "latest",
    "tags",
    "months",
    "authors",
    "files",
)
_ROW = "magazine_articlerow"
_PAGES = ("wagtailcore_page", "magazine_homepage", "magazine_sectionpage")
TABLES = {
    FRONT: (_ROW, *_PAGES),
    LATEST: (_ROW,),
    FILES: (_ROW,),
    TAGS: ("magazine_tagcount",),
    MONTHS: ("magazine_monthcount",),
    AUTHORS: ("magazine_author", "magazine_articleauthor"),
    "section": (_ROW, "magazine_sectiontagcount", *_PAGES),
    "tag": (_ROW, "magazine_articletag"),
    "month": (_ROW,),
    "author": (_ROW, "magazine_author", "magazine_articleauthor"),
    "article": (_ROW, "magazine_articletext", "magazine_relatedarticle"),
    "row": (_ROW,),
    "notices": ("magazine_notice",),
}
# What a list shows of a row; its other fields are seen on the article's own page alone.
CARD = (
    "section", "slug", "title", "standfirst", "author", "published_at", "changed_on", "minutes",
    "tags", "cover", "helping",
)  # fmt: skip
SET = ("section", "published_at", "tags", "authors", "heavy")  # what decides where it is listed


def speak_for_tables() -> None:
    """Tell the page store which tables each family of keys speaks for."""
    for family, tables in TABLES.items():
        covers(family, tables)


def shown(rows: Iterable[ArticleRow]) -> list[ArticleRow]:
    """Return the rows, noted as shown on the page being made."""
    found = list(rows)
    made_from(*(f"row:{row.pk}" for row in found))
    return found


def touched_by(before: ArticleRow | None, after: ArticleRow | None) -> Iterator[str]:
    """Yield the keys that a change of one article touches; None stands for no row."""
    rows = [row for row in (before, after) if row is not None]
    yield from (f"article:{row.pk}" for row in rows)
    if before is None or after is None or _differ(before, after, CARD):
        yield from (f"row:{row.pk}" for row in rows)
        yield FILES
    if before is None or after is None or _differ(before, after, SET):
        yield from (FRONT, LATEST, TAGS, MONTHS, AUTHORS)
        for row in rows:
            yield from (f"section:{row.section}", f"month:{row.month:%Y-%m}")
            yield from (f"tag:{tag}" for tag in row.tags)
            yield from (f"author:{author['slug']}" for author in row.authors)


def places_of_notices() -> Iterator[str]:
    """Yield the keys of every place where a notice may stand."""
    yield f"notices:{FRONT}"
    yield from (f"notices:{section.id}" for section in sections())


def _differ(before: ArticleRow, after: ArticleRow, fields: Iterable[str]) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in fields)
