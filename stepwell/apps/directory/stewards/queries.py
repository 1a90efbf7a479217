"""Reads for stewards: rows whatever their standing, what waits, and what was done."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from stepwell.apps.audit.models import Event
from stepwell.apps.directory.models import (
    Case,
    Cause,
    Credential,
    CredentialCheck,
    Evidence,
    Listing,
    Merge,
    Provider,
)
from stepwell.domain.matching import CONFIRM_DAYS
from stepwell.domain.offers import Standing

MOST_EVENTS = 100
SOON_DAYS = 14  # what is due so soon is on the list


def find_for_steward(listing_id: UUID) -> Listing | None:
    """Return one listing whatever its standing, or None."""
    return Listing.objects.filter(pk=listing_id).first()


def find_credential(credential_id: int) -> Credential | None:
    """Return one credential, or None."""
    return Credential.objects.select_related("provider").filter(pk=credential_id).first()


def find_provider(provider_id: UUID) -> Provider | None:
    """Return one provider, or None."""
    return Provider.objects.select_related("merged_into").filter(pk=provider_id).first()


def find_evidence(evidence_id: UUID) -> Evidence | None:
    """Return one document, or None."""
    return Evidence.objects.filter(pk=evidence_id).first()


def find_case(case_id: int) -> Case | None:
    """Return one case, or None."""
    return Case.objects.select_related("provider", "listing").filter(pk=case_id).first()


def find_merge(merge_id: int) -> Merge | None:
    """Return one merge, or None."""
    return Merge.objects.filter(pk=merge_id).first()


def open_cases(cause: str) -> QuerySet[Case]:
    """Return the open cases of a cause, or all; the oldest first."""
    cases = Case.objects.filter(settled_at=None).select_related("provider", "listing", "credential")
    return (cases.filter(cause=cause) if cause else cases).order_by("opened_at", "pk")


def case_counts() -> dict[str, int]:
    """Return how many cases of each cause are open."""
    counted = Case.objects.filter(settled_at=None).values_list("cause")
    return dict(counted.annotate(number=Count("pk")))


def checks_of(credential: Credential) -> QuerySet[CredentialCheck]:
    """Return who checked a credential, the newest first."""
    return credential.checks.select_related("by", "evidence").order_by("-at", "-pk")


def evidence_of(credential: Credential) -> QuerySet[Evidence]:
    """Return the documents of a credential without their contents, the newest first."""
    rows = credential.evidence.defer("file", "number").select_related("added_by")
    return rows.order_by("-added_at", "-pk")


def listings_of(provider: Provider) -> QuerySet[Listing]:
    """Return a provider's listings, whatever their standing."""
    return Listing.objects.filter(provider=provider).select_related("place").order_by("name", "pk")


def credentials_of(provider: Provider) -> QuerySet[Credential]:
    """Return a provider's credentials."""
    return Credential.objects.filter(provider=provider).order_by("register", "number")


def merges_of(provider: Provider) -> QuerySet[Merge]:
    """Return what was merged into a provider and stands, the newest first."""
    standing = Merge.objects.filter(survivor=provider, undone_at=None)
    return standing.select_related("merged", "by").order_by("-pk")


def alike(provider: Provider) -> QuerySet[Provider]:
    """Return other rows that may be the same provider: by their name, or by an open case."""
    cases = Case.objects.filter(cause=Cause.DUPLICATE, settled_at=None)
    pairs = cases.filter(key__contains=str(provider.pk)).values_list("key", flat=True)[:20]
    ids = {pk for pair in pairs for pk in pair.split("/")}
    same = Q(name__iexact=provider.name) | Q(pk__in=ids)
    others = Provider.objects.filter(same, merged_into=None)
    return others.exclude(pk=provider.pk).annotate(number=Count("listings")).order_by("pk")[:20]


def history(things: Iterable[str]) -> QuerySet[Event]:
    """Return what was done to these things, the newest first; at most 100."""
    events = Event.objects.filter(thing__in=list(things)).select_related("by")
    return events.order_by("-pk")[:MOST_EVENTS]


def history_of(provider: Provider) -> QuerySet[Event]:
    """Return what was done to a provider, its listings and its credentials."""
    listings = Listing.objects.filter(provider=provider).values_list("pk", flat=True)
    held = Credential.objects.filter(provider=provider).values_list("pk", flat=True)
    things = [f"provider:{provider.pk}"]
    things += [f"listing:{pk}" for pk in listings] + [f"credential:{pk}" for pk in held]
    return history(things)


def credentials_due(today: date) -> QuerySet[Credential]:
    """Return the credentials whose next check is due, or soon will be; the oldest first."""
    due = Credential.objects.filter(next_check_on__lte=today + timedelta(days=SOON_DAYS))
    return due.select_related("provider").order_by("next_check_on", "pk")


def confirmations_due(today: date) -> QuerySet[Listing]:
    """Return the listings that are hidden soon or by now because nobody confirms them."""
    last = today - timedelta(days=CONFIRM_DAYS - SOON_DAYS)
    old = Q(confirmed_on__lte=last) | Q(confirmed_on=None)
    offered = Listing.objects.filter(old, standing=Standing.ACTIVE, fictional=False)
    return offered.select_related("provider").order_by("confirmed_on", "pk")
