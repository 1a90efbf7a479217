"""Two rows of one provider become one, and can be parted again.

The survivor gets the listings and credentials. The other row keeps its place in its
source and points to the survivor, so that later imports go there.
"""

from datetime import datetime

from django.db import transaction

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.actions import record
from stepwell.apps.directory.access import check_can_settle_listing
from stepwell.apps.directory.actions import NotPossible, check_reason, make_findable
from stepwell.apps.directory.models import (
    Case,
    Cause,
    Credential,
    Listing,
    Merge,
    Moved,
    Outcome,
    Provider,
)
from stepwell.apps.directory.stewards.cases import settle_case


@transaction.atomic
def merge(*, survivor: Provider, other: Provider, by: Person, reason: str, at: datetime) -> Merge:
    """Move everything of one row to the other. An exclusion of either holds for both."""
    check_can_settle_listing(by)
    check_reason(reason)
    survivor, other = locked(survivor, other)
    merge = Merge.objects.create(survivor=survivor, merged=other, by=by, at=at)
    listings = list(Listing.objects.filter(provider=other).values_list("pk", flat=True))
    Moved.objects.bulk_create(Moved(merge=merge, listing_id=pk) for pk in listings)
    Listing.objects.filter(pk__in=listings).update(provider=survivor)
    move_credentials(merge, survivor, other)
    dates = [one.excluded_on for one in (survivor, other) if one.excluded_on]
    survivor.excluded_on = min(dates, default=None)
    survivor.contact_email = survivor.contact_email or other.contact_email
    survivor.save(update_fields=["excluded_on", "contact_email"])
    other.merged_into = survivor
    other.save(update_fields=["merged_into"])
    record(by=by, verb="merged", thing=f"provider:{other.pk}", reason=reason)
    record(by=by, verb="took in", thing=f"provider:{survivor.pk}", reason=f"{other.pk}: {reason}")
    make_findable(list(Listing.objects.filter(provider=survivor).values_list("pk", flat=True)))
    pairs = [f"{survivor.pk}/{other.pk}", f"{other.pk}/{survivor.pk}"]
    asked = Case.objects.filter(cause=Cause.DUPLICATE, key__in=pairs, settled_at=None)
    for case in asked:
        settle_case(case=case, outcome=Outcome.MERGED, note=reason, by=by, at=at)
    return merge


def locked(survivor: Provider, other: Provider) -> tuple[Provider, Provider]:
    """Return both rows as they are now, locked in one order; refuse what cannot be merged."""
    if survivor.pk == other.pk:
        raise NotPossible("These are one and the same row. Choose another.")
    rows = Provider.objects.select_for_update(of=("self",)).order_by("pk")
    found = {one.pk: one for one in rows.filter(pk__in=[survivor.pk, other.pk])}
    if any(one.merged_into_id for one in found.values()):
        raise NotPossible("One of these was merged before. Choose the row that holds the listings.")
    return found[survivor.pk], found[other.pk]


def move_credentials(merge: Merge, survivor: Provider, other: Provider) -> None:
    """Move the credentials that only the other row has; of two the same, each keeps its own."""
    own = {(one.register, one.number): one for one in survivor.credentials.all()}
    for one in Credential.objects.filter(provider=other).order_by("pk"):
        there = own.get((one.register, one.number))
        if there is None:
            Credential.objects.filter(pk=one.pk).update(provider=survivor)
            Moved.objects.create(merge=merge, credential=one)
        elif checked_later(one, there):
            raise NotPossible(
                f"Both name {one}, and that of the other row was checked later. "
                "Let that row be the one that stays."
            )


def checked_later(one: Credential, there: Credential) -> bool:
    """Say whether somebody checked the one later than the other."""
    if one.checked_at is None:
        return False
    return there.checked_at is None or one.checked_at > there.checked_at


@transaction.atomic
def undo(*, merge: Merge, by: Person, reason: str, at: datetime) -> None:
    """Part two rows again: what moved goes back, as far as it is still with the survivor."""
    check_can_settle_listing(by)
    check_reason(reason)
    done = Merge.objects.select_for_update().filter(pk=merge.pk, undone_at=None)
    if not done.update(undone_at=at, undone_by=by):
        raise NotPossible("This merge was undone before. Reload the page.")
    moved = Moved.objects.filter(merge=merge)
    listings = Listing.objects.filter(
        provider=merge.survivor_id, pk__in=moved.filter(listing__isnull=False).values("listing")
    )
    ids = list(listings.values_list("pk", flat=True))
    Listing.objects.filter(pk__in=ids).update(provider=merge.merged_id)
    held = moved.filter(credential__isnull=False).values("credential")
    mine = Credential.objects.filter(provider=merge.survivor_id, pk__in=held)
    mine.update(provider=merge.merged_id)
    Provider.objects.filter(pk=merge.merged_id).update(merged_into=None)
    record(by=by, verb="parted", thing=f"provider:{merge.merged_id}", reason=reason)
    left = Listing.objects.filter(provider=merge.survivor_id).values_list("pk", flat=True)
    make_findable([*ids, *left])
