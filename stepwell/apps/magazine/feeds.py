"""RSS and Atom feeds: of everything and of each section. Titles and standfirsts, never notes."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from stepwell.apps.magazine import queries
from stepwell.apps.magazine.models import ArticleRow
from stepwell.apps.magazine.vocabulary import section_of
from stepwell.domain.sections import Section

LENGTH = 20


class LatestRss(Feed):  # type: ignore[type-arg]  # not generic at run time
    """The newest articles of all sections, as RSS."""

    feed_type: type[SyndicationFeed] = Rss201rev2Feed
    description = settings.SITE_STRAPLINE

    def get_object(self, request: HttpRequest, section_id: str = "") -> Section | None:
        """Return the section asked for; None means all of them."""
        if not section_id:
            return None
        if queries.section_intro(section_id) is None:
            raise Http404
        return section_of(section_id)

    def title(self, section: Section | None) -> str:
        """Return the feed's title."""
        return f"{section.name} · {settings.SITE_NAME}" if section else settings.SITE_NAME

    def link(self, section: Section | None) -> str:
        """Return the page that shows the same list."""
        if section is None:
            return reverse("magazine:latest")
        return reverse("magazine:section", args=[section.id])

    def items(self, section: Section | None) -> QuerySet[ArticleRow]:
        """Return the newest articles."""
        found = queries.in_section(section.id) if section else queries.latest()
        return found[:LENGTH]

    def item_title(self, item: Any) -> str:
        """Return the article's title; the feed's own writer escapes it."""
        return str(item.title)

    def item_description(self, item: Any) -> str:
        """Return the standfirst: it holds nothing that some readers would skip."""
        return str(item.standfirst)

    def item_link(self, item: ArticleRow) -> str:
        """Return the article's path."""
        return item.url

    def item_author_name(self, item: ArticleRow) -> str:
        """Return who wrote it."""
        return item.author

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


class LatestAtom(LatestRss):
    """The newest articles of all sections, as Atom."""

    feed_type = Atom1Feed
    subtitle = LatestRss.description
