"""Reads: which notices stand on a page today, and who has paid for any."""

from datetime import date, timedelta

from django.db.models import Q

from stepwell.apps.magazine.models import ArticleRow, ArticleText, Notice
from stepwell.domain.notices import Offer, Place, choose, verdict

MOST_BOOKED = 100
MOST_LISTED = 200
LISTED_FOR = timedelta(days=365)


def at_home(today: date) -> list[Notice]:
    """Return the notices on the first page."""
    return at(Place("magazine:home"), today)


def in_section(section_id: str, today: date) -> list[Notice]:
    """Return the notices on a section's pages."""
    return at(Place("magazine:section", section=section_id), today)


def below_article(row: ArticleRow, text: ArticleText, today: date) -> list[Notice]:
    """Return the notices below an article: none on a heavy or noted one."""
    noted = bool(text.content_note) or '<details class="note"' in text.body
    place = Place("magazine:article", row.section, frozenset(row.tags), row.heavy, noted)
    return at(place, today)


def at(place: Place, today: date) -> list[Notice]:
    """Return the notices on a page, in one query; in none where no notice may stand."""
    if not verdict(place).allowed:
        return []
    running = Q(until_on__isnull=True) | Q(until_on__gte=today)
    booked = Notice.objects.filter(running, active=True, from_on__lte=today).order_by("pk")
    found = {notice.pk: notice for notice in booked[:MOST_BOOKED]}
    return [found[pk] for pk in choose(map(_offer, found.values()), place, today)]


def sponsors(today: date) -> list[Notice]:
    """Return what ran within the last year or runs now, the newest first."""
    recent = Q(until_on__isnull=True) | Q(until_on__gte=today - LISTED_FOR)
    return list(Notice.objects.filter(recent, from_on__lte=today)[:MOST_LISTED])


def _offer(notice: Notice) -> Offer:
    return Offer(
        notice.pk,
        notice.from_on,
        notice.until_on,
        notice.active,
        notice.on_front,
        frozenset(notice.sections),
    )
