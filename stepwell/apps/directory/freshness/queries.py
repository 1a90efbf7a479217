"""Reads: what is known of how fresh one listing is."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from stepwell.apps.directory.models import Listing
from stepwell.apps.directory.models.freshness import (
    Confirmation,
    Reminder,
    Report,
    TrialCall,
    VisitorAnswer,
)
from stepwell.apps.directory.queries import publishable
from stepwell.domain.freshness import Answered

LISTED = 100


def answers_of(listing_id: UUID) -> list[tuple[Answered, date]]:
    """Return what visitors told about being answered, the latest first."""
    told = VisitorAnswer.objects.filter(listing=listing_id).order_by("-pk")
    return [(Answered(said), day) for said, day in told.values_list("said", "said_on")]


def waiting_for_a_word(today: date, oldest: int) -> QuerySet[Listing]:
    """Return listings whose confirmation is at least so many days old, the oldest first."""
    before = today - timedelta(days=oldest)
    asked = publishable().filter(fictional=False, confirmed_on__lte=before)
    told = Count("reports", filter=Q(reports__case__settled_at=None), distinct=True)
    mailed = Max("reminders__mail__day")
    found = asked.select_related("provider").annotate(open_reports=told, mailed_on=mailed)
    return found.order_by("confirmed_on", "pk")


def find_with_provider(listing_id: UUID) -> Listing | None:
    """Return one listing with its provider, whatever its standing, or None."""
    return Listing.objects.select_related("provider", "place").filter(pk=listing_id).first()


def confirmations_of(listing: Listing) -> QuerySet[Confirmation]:
    """Return when a listing was confirmed and how, the latest first."""
    found = Confirmation.objects.filter(listing=listing).select_related("by")
    return found.order_by("-confirmed_on", "-pk")[:LISTED]


def reminders_of(listing: Listing) -> QuerySet[Reminder]:
    """Return when somebody was asked about a listing, the latest first."""
    found = Reminder.objects.filter(listing=listing).select_related("mail")
    return found.order_by("-pk")[:LISTED]


def calls_of(listing: Listing) -> QuerySet[TrialCall]:
    """Return the test calls to a listing, the latest first."""
    found = TrialCall.objects.filter(listing=listing).select_related("by")
    return found.order_by("-called_on", "-pk")[:LISTED]


def reports_of(listing: Listing) -> QuerySet[Report]:
    """Return the reports about a listing, closed: what was told stays sealed."""
    found = Report.objects.filter(listing=listing).select_related("case").defer("told")
    return found.order_by("-said_on", "pk")[:LISTED]


def last_full_until(listings: Iterable[UUID]) -> dict[UUID, date | None]:
    """Return until when each of some listings said last to be full."""
    said = Confirmation.objects.filter(listing__in=listings).order_by("confirmed_on", "pk")
    return dict(said.values_list("listing", "full_until"))
