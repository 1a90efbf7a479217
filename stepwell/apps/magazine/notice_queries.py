"""Reads: which notices stand on a page today, and who has paid for any."""

from datetime import date, timedelta

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from stepwell.apps.magazine.models import ArticleRow, ArticleText, Notice
from stepwell.apps.pages.recording import good_through, made_from
from stepwell.domain.notices import Offer, Place, choose, verdict
from stepwell.lib.prepared import Given, Prepared

FIELDS = tuple(field.attname for field in Notice._meta.concrete_fields)
MOST_BOOKED = 300  # running or to come
MOST_LISTED = 200
LISTED_FOR = timedelta(days=365)
ONE_DAY = timedelta(days=1)


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
    made_from(f"notices:{place.section or 'front'}")
    booked = _booked(place, today)
    running = [notice for notice in booked if notice.from_on <= today]
    for notice in booked:
        good_through(notice.until_on if notice in running else notice.from_on - ONE_DAY)
    if len(running) > 1:  # they take turns by the day
        good_through(today)
    found = {notice.pk: notice for notice in running}
    return [found[pk] for pk in choose(map(_offer, found.values()), place, today)]


def _booked(place: Place, today: date) -> list[Notice]:
    """Return what runs at a place or will: the database leaves out what stands elsewhere."""
    if place.section:
        found = _IN_SECTION(today=today, named=f'"{place.section}"')
    else:
        found = _ON_FRONT(today=today)
    return [Notice.from_db(DEFAULT_DB_ALIAS, FIELDS, one) for one in found]


def _not_over() -> QuerySet[Notice]:
    until = Q(until_on__isnull=True) | Q(until_on__gte=Given("today", Notice, "until_on"))
    return Notice.objects.filter(until, active=True).order_by("pk")


def _naming() -> QuerySet[Notice]:
    named = _not_over().annotate(named=Cast("sections", TextField()))
    return named.filter(named__contains=Given("named", Notice, "text"))


_ON_FRONT = Prepared(lambda: _not_over().filter(on_front=True).values_list(*FIELDS)[:MOST_BOOKED])
_IN_SECTION = Prepared(lambda: _naming().values_list(*FIELDS)[:MOST_BOOKED])


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
