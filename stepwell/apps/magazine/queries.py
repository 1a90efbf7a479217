"""Reads: always from the rows, never from the page tree."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from math import ceil

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from stepwell.apps.magazine.models import (
    ArticleAuthor,
    ArticleRow,
    ArticleTag,
    Author,
    HomePage,
    MonthCount,
    RelatedArticle,
    SectionPage,
    SectionTagCount,
    TagCount,
)
from stepwell.apps.magazine.models.pages import WELCOME
from stepwell.domain.related import Item, Shelf

HEADING = "What would help?"
NEWEST = ("-published_at", "-page")
NEWS_DAYS = 2
NEWS_MOST = 1_000
SITEMAP_MOST = 50_000  # addresses in one file; at under 500 bytes each that is half of 50 MB


def front_words() -> dict[str, str]:
    """Return heading and welcome of the front page, as the editors wrote them."""
    page = HomePage.objects.filter(live=True).first()
    if page is None:
        return {"heading": HEADING, "welcome": WELCOME}
    return {"heading": page.title, "welcome": page.welcome}


def front_rows() -> list[ArticleRow]:
    """Return the few newest articles of every section, the newest first."""
    return list(ArticleRow.objects.filter(on_front=True).order_by(*NEWEST))


def tag_counts() -> dict[str, int]:
    """Return how many articles carry each tag; tags without any are left out."""
    return dict(TagCount.objects.values_list("tag", "articles"))


def section_intro(section_id: str) -> str | None:
    """Return the editors' introduction to a section, or None where it is not published."""
    found = SectionPage.objects.filter(section=section_id, live=True).first()
    return None if found is None else str(found.intro)


def latest() -> QuerySet[ArticleRow]:
    """Return all articles, the newest first."""
    return ArticleRow.objects.order_by(*NEWEST)


def in_section(section_id: str) -> QuerySet[ArticleRow]:
    """Return the articles of a section, the newest first."""
    return latest().filter(section=section_id)


def in_month(month: date) -> QuerySet[ArticleRow]:
    """Return the articles first published in the month of `month`, the newest first."""
    first = month.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    begin, end = (timezone.make_aware(datetime.combine(day, time())) for day in (first, following))
    return latest().filter(published_at__gte=begin, published_at__lt=end)


def month_counts() -> list[tuple[date, int]]:
    """Return the months that have articles, the newest first, with how many each has."""
    return list(MonthCount.objects.order_by("-month").values_list("month", "articles"))


def section_tags(section_id: str) -> list[tuple[str, int]]:
    """Return the tags of a section's articles with how many carry each, the most used first."""
    found = SectionTagCount.objects.filter(section=section_id).order_by("-articles", "tag")
    return list(found.values_list("tag", "articles"))


def with_tag(tag_id: str) -> QuerySet[ArticleTag]:
    """Return the articles with a tag, the newest first, each as `.row`."""
    found = ArticleTag.objects.filter(tag=tag_id).select_related("row")
    return found.order_by("-published_at", "-row_id")


def find_author(slug: str) -> Author | None:
    """Return an author's profile."""
    return Author.objects.filter(slug=slug).first()


def writing_authors() -> list[Author]:
    """Return the authors who have a published article, by name."""
    return list(Author.objects.filter(pk__in=ArticleAuthor.objects.values("author")))


def written_by(author: Author) -> QuerySet[ArticleAuthor]:
    """Return the articles of an author, the newest first, each as `.row`."""
    found = ArticleAuthor.objects.filter(author=author).select_related("row")
    return found.order_by("-published_at", "-row_id")


def find_article(section_id: str, slug: str) -> ArticleRow | None:
    """Return one article with its text, if it is published."""
    return ArticleRow.objects.filter(section=section_id, slug=slug).select_related("text").first()


def neighbours(row: ArticleRow) -> tuple[ArticleRow | None, ArticleRow | None]:
    """Return the articles before and after this one in its section, by date.

    Each is the other's inverse. Articles on heavy topics stand outside the
    chain: nobody walks from one to the next.
    """
    if row.heavy:
        return None, None
    chain = in_section(row.section).filter(heavy=False)
    same_moment = Q(published_at=row.published_at)
    older = Q(published_at__lt=row.published_at) | same_moment & Q(page__lt=row.page_id)
    newer = Q(published_at__gt=row.published_at) | same_moment & Q(page__gt=row.page_id)
    return chain.filter(older).first(), chain.filter(newer).reverse().first()


def related(row: ArticleRow) -> list[tuple[ArticleRow, Sequence[str]]]:
    """Return the suggestions below an article, each with the tags both share."""
    found = RelatedArticle.objects.filter(row=row).select_related("to")
    return [(one.to, one.shared) for one in found]


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
    return latest().filter(published_at__gt=now - timedelta(days=NEWS_DAYS))[:NEWS_MOST]


def articles_of_file(number: int) -> QuerySet[ArticleRow]:
    """Return what stands in one file of the sitemap of articles; the first file is 1."""
    first = max(number - 1, 0) * SITEMAP_MOST
    return latest().reverse()[first : first + SITEMAP_MOST]


def article_files() -> list[tuple[int, date | None]]:
    """Return the files of the sitemap of articles, each with the last change inside it."""
    files = ceil(ArticleRow.objects.count() / SITEMAP_MOST)
    return [
        (number, articles_of_file(number).aggregate(last=Max("changed_on"))["last"])
        for number in range(1, files + 1)
    ]


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
