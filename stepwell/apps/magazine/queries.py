"""Reads: always from the rows, never from the page tree."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from stepwell.apps.magazine import keys
from stepwell.apps.magazine.models import (
    ArticleAuthor,
    ArticleRow,
    ArticleTag,
    ArticleText,
    Author,
    HomePage,
    MonthCount,
    RelatedArticle,
    SectionPage,
    SectionTagCount,
    TagCount,
)
from stepwell.apps.magazine.models.pages import WELCOME
from stepwell.apps.pages.recording import made_from
from stepwell.domain.related import Item, Shelf
from stepwell.lib.prepared import Given, Prepared

HEADING = "What would help?"
NEWEST = ("-published_at", "-page")
# What lists and feeds show of a row: no more is read, so that no more can make a page stale.
LISTED = ("section", "slug", "title", "standfirst", "published_at", "minutes", "cover")
SUGGESTED = (*LISTED, "helping")
FED = ("section", "slug", "title", "standfirst", "author", "published_at", "changed_on", "tags")
ROW = tuple(field.attname for field in ArticleRow._meta.concrete_fields)
TEXT = tuple(field.attname for field in ArticleText._meta.concrete_fields)
NEWS_DAYS = 2
NEWS_MOST = 1_000
SITEMAP_MOST = 50_000  # addresses in one file; at under 500 bytes each that is half of 50 MB


_FRONT_WORDS = Prepared(
    lambda: HomePage.objects.filter(live=True).order_by("pk").values_list("title", "welcome")[:1]
)


def front_words() -> dict[str, str]:
    """Return heading and welcome of the front page, as the editors wrote them."""
    made_from(keys.FRONT)
    for heading, welcome in _FRONT_WORDS():
        return {"heading": heading, "welcome": welcome}
    return {"heading": HEADING, "welcome": WELCOME}


# In an order that no index has: by date SQLite would go through the index of all articles.
_FRONT_ROWS = Prepared(
    lambda: (
        ArticleRow.objects.filter(on_front=True)
        .order_by("slug", "section")
        .values_list("page_id", *LISTED)
    )
)


def front_rows() -> list[ArticleRow]:
    """Return the few newest articles of every section, the newest first."""
    made_from(keys.FRONT)
    found = keys.shown(_rows(_FRONT_ROWS(), LISTED))
    return sorted(found, key=lambda row: (row.published_at, row.page_id), reverse=True)


def _rows(found: Iterable[Sequence[Any]], fields: Sequence[str]) -> list[ArticleRow]:
    """Return rows of which the number and these fields were read."""
    names = ("page_id", *fields)
    return [ArticleRow.from_db(DEFAULT_DB_ALIAS, names, one) for one in found]


# In order: PostgreSQL gives rows back in another one after an update, and the page store would
# take that for another answer.
_TAG_COUNTS = Prepared(lambda: TagCount.objects.order_by("tag").values_list("tag", "articles"))


def tag_counts() -> dict[str, int]:
    """Return how many articles carry each tag; tags without any are left out."""
    made_from(keys.TAGS)
    return dict(_TAG_COUNTS())


def used_tags() -> list[str]:
    """Return the tags that any article carries."""
    made_from(keys.TAGS)
    return list(TagCount.objects.order_by("tag").values_list("tag", flat=True))


def section_intro(section_id: str) -> str | None:
    """Return the editors' introduction to a section, or None where it is not published."""
    made_from(f"section:{section_id}")
    found = SectionPage.objects.filter(section=section_id, live=True).values_list("intro")
    return next((intro for (intro,) in found.order_by("pk")[:1]), None)


def latest() -> QuerySet[ArticleRow]:
    """Return all articles, the newest first."""
    made_from(keys.LATEST)
    return _newest()


def _newest() -> QuerySet[ArticleRow]:
    return ArticleRow.objects.order_by(*NEWEST)


def in_section(section_id: str) -> QuerySet[ArticleRow]:
    """Return the articles of a section, the newest first."""
    made_from(f"section:{section_id}")
    return _newest().filter(section=section_id)


def in_month(month: date) -> QuerySet[ArticleRow]:
    """Return the articles first published in the month of `month`, the newest first."""
    made_from(f"month:{month:%Y-%m}")
    first = month.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    begin, end = (timezone.make_aware(datetime.combine(day, time())) for day in (first, following))
    return _newest().filter(published_at__gte=begin, published_at__lt=end)


def month_counts() -> list[tuple[date, int]]:
    """Return the months that have articles, the newest first, with how many each has."""
    made_from(keys.MONTHS)
    return list(MonthCount.objects.order_by("-month").values_list("month", "articles"))


def used_months() -> list[date]:
    """Return the months that have articles, the newest first."""
    made_from(keys.MONTHS)
    return list(MonthCount.objects.order_by("-month").values_list("month", flat=True))


def months_around(month: date) -> tuple[date | None, bool, date | None]:
    """Return the month before with articles, whether this one has any, and the month after."""
    made_from(keys.MONTHS)
    found = MonthCount.objects.aggregate(
        older=Max("month", filter=Q(month__lt=month)),
        here=Count("month", filter=Q(month=month)),
        newer=Min("month", filter=Q(month__gt=month)),
    )
    return found["older"], bool(found["here"]), found["newer"]


def section_tags(section_id: str) -> list[tuple[str, int]]:
    """Return the tags of a section's articles with how many carry each, the most used first."""
    made_from(f"section:{section_id}")
    found = SectionTagCount.objects.filter(section=section_id).order_by("-articles", "tag")
    return list(found.values_list("tag", "articles"))


def with_tag(tag_id: str) -> QuerySet[ArticleTag]:
    """Return the articles with a tag, the newest first, each as `.row`."""
    made_from(f"tag:{tag_id}")
    found = ArticleTag.objects.filter(tag=tag_id).select_related("row")
    return found.order_by("-published_at", "-row_id")


def find_author(slug: str) -> Author | None:
    """Return an author's profile."""
    made_from(f"author:{slug}")
    return Author.objects.filter(slug=slug).first()


def find_author_name(slug: str) -> Author | None:
    """Return an author's name and address only, for a feed."""
    made_from(f"author:{slug}")
    return Author.objects.filter(slug=slug).only("name", "slug").first()


def writing_authors(*, with_roles: bool = False) -> list[Author]:
    """Return the authors who have a published article, by name: no more than a list shows."""
    made_from(keys.AUTHORS)
    found = Author.objects.filter(pk__in=ArticleAuthor.objects.values("author"))
    return list(found.only("name", "slug", "role") if with_roles else found.only("name", "slug"))


def written_by(author: Author) -> QuerySet[ArticleAuthor]:
    """Return the articles of an author, the newest first, each as `.row`."""
    made_from(f"author:{author.slug}")
    found = ArticleAuthor.objects.filter(author=author).select_related("row")
    return found.order_by("-published_at", "-row_id")


_ARTICLE = Prepared(
    lambda: ArticleRow.objects.filter(
        section=Given("section", ArticleRow, "section"), slug=Given("slug", ArticleRow, "slug")
    ).values_list(*ROW, *(f"text__{name}" for name in TEXT))
)


def find_article(section_id: str, slug: str) -> ArticleRow | None:
    """Return one article with its text, if it is published."""
    for found in _ARTICLE(section=section_id, slug=slug):
        row = ArticleRow.from_db(DEFAULT_DB_ALIAS, ROW, found[: len(ROW)])
        row.text = ArticleText.from_db(DEFAULT_DB_ALIAS, TEXT, found[len(ROW) :])
        made_from(f"article:{row.pk}")
        return row
    return None


def narrow(found: QuerySet[Any], fields: Iterable[str], by: str = "row") -> QuerySet[Any]:
    """Return articles with these fields only; `by` is the way from another table to the row."""
    if found.model is ArticleRow:
        return found.only(*fields)
    own = [field.name for field in found.model._meta.fields]
    return found.select_related(by).only(*own, *(f"{by}__{field}" for field in fields))


def _chain(older: bool) -> QuerySet[ArticleRow, Any]:
    """Return the article next to a moment and a number in the light articles of a section."""
    at, page = Given("at", ArticleRow, "published_at"), Given("page", ArticleRow, "page")
    chain = _newest().filter(section=Given("section", ArticleRow, "section"), heavy=False)
    # The first condition lets the index begin at the right place.
    if older:
        found = chain.filter(published_at__lte=at).filter(Q(published_at__lt=at) | Q(page__lt=page))
    else:
        found = chain.filter(published_at__gte=at).filter(Q(published_at__gt=at) | Q(page__gt=page))
        found = found.reverse()
    return found.values_list("page_id", *LISTED)[:1]


_OLDER, _NEWER = Prepared(lambda: _chain(older=True)), Prepared(lambda: _chain(older=False))


def neighbours(row: ArticleRow) -> tuple[ArticleRow | None, ArticleRow | None]:
    """Return the articles before and after this one in its section, by date.

    Each is the other's inverse. Articles on heavy topics stand outside the
    chain: nobody walks from one to the next.
    """
    if row.heavy:
        return None, None
    place = {"section": row.section, "at": row.published_at, "page": row.page_id}
    found = [next(iter(_rows(ask(**place), LISTED)), None) for ask in (_OLDER, _NEWER)]
    keys.shown(filter(None, found))
    return found[0], found[1]


_RELATED = Prepared(
    lambda: RelatedArticle.objects.filter(row=Given("row", RelatedArticle, "row")).values_list(
        "shared", "to_id", *(f"to__{name}" for name in SUGGESTED)
    )
)


def related(row: ArticleRow) -> list[tuple[ArticleRow, Sequence[str]]]:
    """Return the suggestions below an article, each with the tags both share."""
    found = _RELATED(row=row.pk)
    suggested = keys.shown(_rows([one[1:] for one in found], SUGGESTED))
    return list(zip(suggested, (one[0] for one in found), strict=True))


def shelf() -> Shelf:
    """Return what has to be known of every article to choose suggestions."""
    fields = ("page_id", "section", "tags", "heavy", "published_at", "helping")
    rows = ArticleRow.objects.order_by().values_list(*fields)
    return Shelf.of(
        Item(page_id, section, frozenset(tags), heavy, published_at.timestamp(), helping)
        for page_id, section, tags, heavy, published_at, helping in rows.iterator()
    )


def recent(now: datetime) -> QuerySet[ArticleRow]:
    """Return what was first published in the last two days, at most a thousand."""
    return _newest().filter(published_at__gt=now - timedelta(days=NEWS_DAYS))[:NEWS_MOST]


def articles_of_file(number: int) -> QuerySet[ArticleRow]:
    """Return what stands in one file of the sitemap of articles; the first file is 1."""
    made_from(keys.FILES)
    first = max(number - 1, 0) * SITEMAP_MOST
    narrow = _newest().reverse().only("section", "slug", "changed_on")
    return narrow[first : first + SITEMAP_MOST]


def article_files() -> list[tuple[int, date | None]]:
    """Return the files of the sitemap of articles, each with the last change inside it."""
    files: list[tuple[int, date | None]] = []
    # Not by counting: a count changes with every article, and the index would be made again.
    while last := articles_of_file(len(files) + 1).aggregate(last=Max("changed_on"))["last"]:
        files.append((len(files) + 1, last))
    return files


def is_restricted(page: Page) -> bool:
    """Return whether reading the page, or one above it, needs a password or a login."""
    return bool(page.get_view_restrictions().exists())


def kept_back() -> list[Page]:
    """Return articles whose time came and that the checks kept back, until they are published."""
    entries = PageLogEntry.objects.filter(action="magazine.schedule_refused")
    newest = dict(entries.order_by("timestamp").values_list("page_id", "timestamp"))
    pages = Page.objects.filter(pk__in=newest, has_unpublished_changes=True).order_by("title")
    return [
        page
        for page in pages
        if page.go_live_at is None
        and (page.last_published_at is None or page.last_published_at < newest[page.pk])
    ]
