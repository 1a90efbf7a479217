"""What registers and exclusion lists do to providers: the sure at once, the rest by a person.

A number on an exclusion list hides everything of its provider, and a deactivated number
ends its credential. A name alone never does: it opens a case. Nothing is lifted here;
a returned name or number opens a case, and a person lifts it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.actions import record
from stepwell.apps.directory.access import check_can_settle_listing
from stepwell.apps.directory.actions import NotPossible, check_reason, make_findable
from stepwell.apps.directory.models import Case, Cause, Credential, Listing, Outcome, Provider
from stepwell.apps.directory.stewards import clock
from stepwell.apps.directory.stewards.cases import open_case, settle_case, was_settled
from stepwell.apps.registers import queries as registers
from stepwell.domain.register_copy import Excluded, name_agrees, possible_keys
from stepwell.lib.batches import batches

NPI = "us_nppes"
STEP = 500
ByNumber = dict[str, list[Excluded]]


def work(now: datetime) -> None:
    """Compare everything with our copies, as they are today."""
    compare_with_exclusions(now=now)
    compare_with_register(now=now)


def compare_with_exclusions(*, now: datetime) -> int:
    """Hide who is surely excluded; open cases for the doubtful and the returned."""
    if not registers.has_exclusions():
        return 0
    listed = list(registers.exclusions())
    by_number: ByNumber = {}
    for row in listed:
        if row.npi:
            by_number.setdefault(row.npi, []).append(row)
    hidden = sum(
        exclude_if_listed(credential, by_number[credential.number_key], now)
        for some in batches(sorted(by_number), STEP)
        for credential in npis(some)
    )
    ask_about_returned(by_number, now)
    ask_about_names([row for row in listed if not row.ended], now)
    return hidden


def npis(numbers: Sequence[str]) -> QuerySet[Credential]:
    """Return the credentials that name one of these numbers of the US register."""
    named = Credential.objects.filter(register=NPI, number_key__in=numbers)
    return named.select_related("provider").order_by("pk")


@transaction.atomic
def exclude_if_listed(credential: Credential, rows: Sequence[Excluded], now: datetime) -> bool:
    """Hide everything of a provider whose number is on the list; say whether that was new.

    A steward who found that it is not this provider settled the case, and is not asked again.
    """
    standing = [row for row in rows if not row.ended]
    if not standing:
        return False
    since = min(row.excluded_on for row in standing)
    provider = survivor_of(credential.provider)
    key = f"npi/{provider.pk}/{credential.number_key}/{since}"
    if provider.excluded_on is not None or was_settled(Cause.EXCLUDED, key):
        return False
    provider.excluded_on = since
    provider.save(update_fields=["excluded_on"])
    record(by=None, verb="excluded", thing=f"provider:{provider.pk}", reason=f"listed {since}")
    make_findable(listings_of(provider))
    open_case(
        cause=Cause.EXCLUDED,
        provider=provider,
        credential=credential,
        key=key,
        detail=f"This number is on the exclusion list since {since}. Everything of theirs is "
        "hidden. Compare on the list's own site; lift it only if it is not them.",
        at=now,
    )
    return True


def survivor_of(provider: Provider) -> Provider:
    """Return the row that holds a provider's listings, locked: the last one of its merges."""
    while provider.merged_into is not None:
        provider = provider.merged_into
    return Provider.objects.select_for_update(of=("self",)).get(pk=provider.pk)


def listings_of(provider: Provider) -> list[UUID]:
    """Return the ids of a provider's listings."""
    return list(Listing.objects.filter(provider=provider).values_list("pk", flat=True))


def ask_about_returned(by_number: ByNumber, now: datetime) -> None:
    """Open a case for each hidden provider whose number is no longer on the list."""
    hidden = Provider.objects.filter(excluded_on__isnull=False).order_by("pk")
    for provider in hidden.prefetch_related("credentials").iterator(chunk_size=STEP):
        numbers = [one.number_key for one in provider.credentials.all() if one.register == NPI]
        rows = [row for number in numbers for row in by_number.get(number, [])]
        key = f"returned/{provider.pk}/{provider.excluded_on}"
        ended = bool(rows) and all(row.ended for row in rows)
        if ended and not was_settled(Cause.EXCLUDED, key):
            open_case(
                cause=Cause.EXCLUDED,
                provider=provider,
                key=key,
                detail="The list no longer holds this number. Look on the list's own site, and "
                "lift the exclusion if it is over. Nothing is lifted by itself.",
                at=now,
            )


def ask_about_names(standing: Sequence[Excluded], now: datetime) -> None:
    """Open a case where an American provider has the name of somebody on the list."""
    by_name: dict[str, list[Excluded]] = {}
    for row in standing:
        by_name.setdefault(row.name.name_key, []).append(row)
    for provider in americans():
        rows = [row for key in possible_keys(provider.name) for row in by_name.get(key, [])]
        numbers = {one.number_key for one in provider.credentials.all() if one.register == NPI}
        # Another number is another person; most older rows have none.
        same = [row for row in rows if not (row.npi and numbers)]
        key = f"name/{provider.pk}"
        agrees = any(name_agrees(provider.name, row.name) for row in same)
        if agrees and not was_settled(Cause.EXCLUDED, key):
            open_case(
                cause=Cause.EXCLUDED,
                provider=provider,
                key=key,
                detail="Somebody of this name is on the exclusion list. A name alone hides "
                "nothing. Settle it on the list's own site, which can compare more.",
                at=now,
            )


def americans() -> Iterator[Provider]:
    """Yield the providers whom a US list can mean, and who are not hidden already."""
    here = Q(listings__place__country="US") | Q(credentials__jurisdiction__startswith="US")
    those = Provider.objects.filter(here, excluded_on=None, merged_into=None).distinct()
    return those.prefetch_related("credentials").order_by("pk").iterator(chunk_size=STEP)


def compare_with_register(*, now: datetime) -> int:
    """End the credentials whose number was deactivated; open cases. Return how many ended."""
    named = clock.standing().filter(register=NPI)
    ended = 0
    for some in batches(named.values_list("pk", "number_key").iterator(chunk_size=STEP), STEP):
        numbers = [number for _, number in some]
        gone, missing = registers.ended_numbers(numbers), registers.missing_numbers(numbers)
        for pk, number in some:
            if number in gone:
                end_deactivated(pk, gone[number], now)
                ended += 1
            elif number in missing:
                ask_about_missing(pk, now)
    return ended


@transaction.atomic
def end_deactivated(credential_id: int, reason: str, now: datetime) -> None:
    """End a credential whose number is no longer active. Its listings go with the last one."""
    credential = clock.end(credential_id, reason)
    open_case(
        cause=Cause.DEACTIVATED,
        provider=credential.provider,
        credential=credential,
        key=f"npi/{credential.pk}/{now.date()}",
        detail=f"{reason} The credential is no longer in force; ask the provider.",
        at=now,
    )


def ask_about_missing(credential_id: int, now: datetime) -> None:
    """Open a case for a number that vanished from the register's full file."""
    credential = Credential.objects.select_related("provider").get(pk=credential_id)
    key = f"missing/{credential.pk}"
    if not was_settled(Cause.REGISTER, key):
        open_case(
            cause=Cause.REGISTER,
            provider=credential.provider,
            credential=credential,
            key=key,
            detail="This number is no longer in the register's full file. Look it up there.",
            at=now,
        )


@transaction.atomic
def lift_exclusion(*, provider: Provider, by: Person, reason: str, at: datetime) -> None:
    """Show again what an exclusion hid. Only a person does this, never a new list.

    The open questions about it are answered with it, so that tomorrow's comparison
    does not ask them again.
    """
    check_can_settle_listing(by)
    check_reason(reason)
    hidden = Provider.objects.filter(pk=provider.pk, excluded_on__isnull=False)
    if not hidden.update(excluded_on=None):
        raise NotPossible("This provider is not excluded. Reload the page to see how it stands.")
    record(by=by, verb="lifted exclusion", thing=f"provider:{provider.pk}", reason=reason)
    for case in Case.objects.filter(provider=provider, cause=Cause.EXCLUDED, settled_at=None):
        settle_case(case=case, outcome=Outcome.UNFOUNDED, note=reason, by=by, at=at)
    make_findable(listings_of(provider))
