"""Writes by stewards: one function per verb, in one transaction, with the audit inside."""

from collections.abc import Callable, Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.actions import record
from stepwell.apps.directory import keys
from stepwell.apps.directory.access import check_can_settle_listing
from stepwell.apps.directory.documents import FAMILY, documents
from stepwell.apps.directory.finding import rows
from stepwell.apps.directory.models import Listing
from stepwell.apps.directory.queries import publishable
from stepwell.apps.pages.actions import touch
from stepwell.apps.search import actions as search
from stepwell.domain.errors import DomainError
from stepwell.domain.offers import Standing


class NotPossible(DomainError):
    """What was asked cannot be done. Says why, and what can."""


@transaction.atomic
def hide_listing(*, listing: Listing, by: Person, reason: str) -> None:
    """Hide a listing. No import shows it again; only `show_listing` does."""
    settle_standing(listing, Standing.ACTIVE, Standing.HIDDEN, by=by, reason=reason)


@transaction.atomic
def show_listing(*, listing: Listing, by: Person, reason: str) -> None:
    """Show a listing that a steward has hidden."""
    settle_standing(listing, Standing.HIDDEN, Standing.ACTIVE, by=by, reason=reason)


def settle_standing(
    listing: Listing, old: Standing, new: Standing, *, by: Person, reason: str
) -> None:
    """Change a listing's standing, only from the old one, and write down who did it and why."""
    check_can_settle_listing(by)
    check_reason(reason)
    changed = Listing.objects.filter(pk=listing.pk, standing=old).update(standing=new)
    if not changed:
        raise NotPossible(f"This listing is not {old}. Reload the page to see how it stands.")
    make_findable([listing.pk])
    record(by=by, verb=f"made {new}", thing=f"listing:{listing.pk}", reason=reason)


def make_findable(listing_ids: Collection[UUID]) -> None:
    """Let both searches and the kept pages hold what may be spoken of; note the moment.

    Every write to a listing, its terms, its place, its provider or a credential ends here.
    """
    ids = list(listing_ids)
    before = keys.of(ids)
    rows.refresh(ids)
    touch(before | keys.of(ids))
    for at in range(0, len(ids), search.BATCH):
        some = ids[at : at + search.BATCH]
        able = publishable().filter(pk__in=some)
        kept = set(able.values_list("pk", flat=True))
        Listing.objects.filter(pk__in=some).update(changed_at=timezone.now())
        search.put(documents(able))
        search.remove([(FAMILY, str(pk)) for pk in some if pk not in kept])


def make_all_findable(progress: Callable[[int], None]) -> dict[str, int]:
    """Do so for every listing; return how many rows there are, what changed and what went."""
    changed = search.replace([FAMILY], documents(publishable()), progress)
    return {**changed, "rows": rows.rebuild(progress)}


def check_reason(reason: str) -> None:
    """Raise NotPossible where nobody could learn later why something was done."""
    if not reason.strip():
        raise NotPossible("Write down why, so that others can follow it.")
