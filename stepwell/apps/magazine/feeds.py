"""RSS and Atom: of everything, of a section, a tag, an author. Titles and standfirsts only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from stepwell.apps.magazine import keys, queries
from stepwell.apps.magazine.models import ArticleRow
from stepwell.apps.magazine.vocabulary import section_of
from stepwell.domain import tags
from stepwell.domain.errors import UnknownFact

LENGTH = 20
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # when a feed without entries last changed


@dataclass(frozen=True)
class Channel:
    """What one feed is about."""

    title: str
    path: str
    words: str
    rows: Callable[[], Iterable[ArticleRow]]


class _SteadyDates:
    """A feed is as old as its newest entry; without one it did not change just now."""

    items: list[dict[str, Any]]

    def latest_post_date(self) -> datetime:
        """Return the moment of the last change."""
        return max((item["updateddate"] for item in self.items), default=_NEVER)


class RssFile(_SteadyDates, Rss201rev2Feed):
    """RSS 2.0."""


class AtomFile(_SteadyDates, Atom1Feed):
    """Atom 1.0."""


class Rss(Feed):  # type: ignore[type-arg]  # not generic at run time
    """The newest articles, as RSS."""

    feed_type: type[SyndicationFeed] = RssFile
    item_guid_is_permalink = False

    def get_object(self, request: HttpRequest, **which: str) -> Channel:
        """Return what the feed is about; 404 where there is no such thing."""
        try:
            return channel(**which)
        except UnknownFact as error:
            raise Http404 from error

    def title(self, about: Channel) -> str:
        """Return the feed's title."""
        return about.title

    def link(self, about: Channel) -> str:
        """Return the page that shows the same list."""
        return about.path

    def description(self, about: Channel) -> str:
        """Return one line about the feed."""
        return about.words

    subtitle = description

    def items(self, about: Channel) -> Iterable[ArticleRow]:
        """Return the newest articles."""
        return about.rows()

    def item_title(self, item: Any) -> str:
        """Return the article's title; the feed's own writer escapes it."""
        return str(item.title)

    def item_description(self, item: Any) -> str:
        """Return the standfirst: it holds nothing that some readers would skip."""
        return str(item.standfirst)

    def item_link(self, item: ArticleRow) -> str:
        """Return the article's path."""
        return item.url

    def item_guid(self, item: ArticleRow) -> str:
        """Return a name that stays when title, section or address change."""
        host = urlsplit(settings.SITE_URL).hostname
        return f"tag:{host},{item.published_on:%Y-%m-%d}:article:{item.page_id}"

    def item_author_name(self, item: ArticleRow) -> str:
        """Return who wrote it."""
        return item.author or settings.SITE_NAME

    def item_pubdate(self, item: ArticleRow) -> datetime:
        """Return when it was first published."""
        return item.published_at

    def item_updateddate(self, item: ArticleRow) -> datetime:
        """Return the day of its last change, as a moment."""
        changed = timezone.make_aware(datetime.combine(item.changed_on, time()))
        return max(changed, item.published_at)

    def item_categories(self, item: ArticleRow) -> Iterable[str]:
        """Return section and tags by name."""
        return [item.section_name, *(tag.name for tag in item.chosen_tags)]


class Atom(Rss):
    """The newest articles, as Atom."""

    feed_type = AtomFile


def channel(section_id: str = "", tag_id: str = "", author_slug: str = "") -> Channel:
    """Return what a feed is about: one section, tag or author, or everything."""
    if tag_id:
        return _about_tag(tag_id)
    if author_slug:
        return _by_author(author_slug)
    if section_id:
        return _of_section(section_id)
    path = reverse("magazine:latest")
    return Channel(settings.SITE_NAME, path, settings.SITE_STRAPLINE, _first(queries.latest()))


def _of_section(section_id: str) -> Channel:
    intro = queries.section_intro(section_id)
    if intro is None:
        raise Http404
    section = section_of(section_id)
    path = reverse("magazine:section", args=[section_id])
    rows = _first(queries.in_section(section_id))
    return Channel(_named(section.name), path, intro or section.one_line, rows)


def _about_tag(tag_id: str) -> Channel:
    tag, path = tags.tag(tag_id), reverse("magazine:tag", args=[tag_id])
    words = f"Articles about {tag.name}, the newest first."
    return Channel(_named(tag.name), path, words, _first_rows(queries.with_tag(tag_id)))


def _by_author(slug: str) -> Channel:
    author = queries.find_author_name(slug)
    if author is None:
        raise Http404
    words = f"Articles by {author.name}, the newest first."
    rows = _first_rows(queries.written_by(author))
    return Channel(_named(author.name), author.url, words, rows)


def _named(name: str) -> str:
    return f"{name} · {settings.SITE_NAME}"


def _first(found: "QuerySet[ArticleRow]") -> Callable[[], Iterable[ArticleRow]]:
    return lambda: keys.shown(queries.narrow(found, queries.FED)[:LENGTH])


def _first_rows(found: "QuerySet[Any]") -> Callable[[], Iterable[ArticleRow]]:
    return lambda: keys.shown(one.row for one in queries.narrow(found, queries.FED)[:LENGTH])
