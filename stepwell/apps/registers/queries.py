"""Reads: what our copies of registers say about a claim. Nothing here is shown by itself."""

from collections.abc import Collection, Iterable, Iterator

from django.db.models import Q, QuerySet

from stepwell.apps.registers.models import (
    Exclusion,
    MirrorRun,
    Part,
    RegisterEntry,
    RegisterName,
    RunState,
)
from stepwell.domain.register_copy import (
    NO_COPY,
    Claim,
    Entry,
    Excluded,
    KnownName,
    Licence,
    Match,
    Proposal,
    Source,
    Standing,
    claim_of,
    compare,
    compare_excluded,
    possible_keys,
    reason_inactive,
    verification_of,
)

MOST = 200  # entries of one name in one state that are compared; more say nothing anyway


def is_loaded(source: str, part: Part = Part.MAIN) -> bool:
    """Say whether there is a copy to ask. While a first one is loaded there is none."""
    runs = MirrorRun.objects.filter(source=source, part=part)
    return (
        runs.filter(state=RunState.MERGED).exists()
        and not runs.filter(state=RunState.READING, straight=True).exists()
    )


def look_up(claim: Claim) -> Match:
    """Return what the copy of the US register of provider numbers says of a claim."""
    if not is_loaded("us_nppes"):
        return compare(claim, [], loaded=False)
    found = by_number(claim.npi) if claim.npi else by_name(claim.name, claim.state)
    return compare(claim, [entry_of(one) for one in found.prefetch_related(*BELONGINGS)])


BELONGINGS = ("taxonomies", "names", "places")


def by_number(number: str) -> QuerySet[RegisterEntry]:
    """Return the entry with a number."""
    return RegisterEntry.objects.filter(source=Source.US_NPPES, number=number)


def by_name(name: str, state: str) -> QuerySet[RegisterEntry]:
    """Return entries that have or had a name, in a state where one is given.

    The state is that of the practice, of a further place or of a licence.
    """
    keys = sorted(possible_keys(name))
    own = RegisterEntry.objects.filter(source=Source.US_NPPES, name_key__in=keys)
    others = RegisterName.objects.filter(name_key__in=keys).values("entry")
    ids = set(in_state(own, state).values_list("pk", flat=True)[:MOST])
    other = RegisterEntry.objects.filter(source=Source.US_NPPES, pk__in=others)
    ids |= set(in_state(other, state).values_list("pk", flat=True)[:MOST])
    return RegisterEntry.objects.filter(pk__in=ids).order_by("number")


def in_state(entries: QuerySet[RegisterEntry], state: str) -> QuerySet[RegisterEntry]:
    """Return those of the entries that practise or hold a licence in a state."""
    if not state:
        return entries
    licensed = Q(taxonomies__state=state) | Q(places__state=state)
    return entries.filter(Q(state=state) | licensed).distinct()


def is_active(entry: RegisterEntry) -> bool:
    """Say whether an entry is in force: the newer list of deactivated numbers counts too."""
    back = entry.reactivated_on
    struck = entry.struck_on is not None and (back is None or back < entry.struck_on)
    return entry.standing == Standing.ACTIVE and not struck


def entry_of(row: RegisterEntry) -> Entry:
    """Return an entry as the domain sees it."""
    held = row.taxonomies.all()
    names = [KnownName(name_key=row.name_key, given_key=row.given_key)]
    names += [KnownName(name_key=n.name_key, given_key=n.given_key) for n in row.names.all()]
    states = {row.state, *(one.state for one in held), *(one.state for one in row.places.all())}
    return Entry(
        number=row.number,
        active=is_active(row),
        ended_on=max(filter(None, (row.deactivated_on, row.struck_on)), default=None),
        replaced_by=row.replaced_by,
        names=tuple(name for name in names if name.name_key),
        states=frozenset(states - {""}),
        licences=tuple(
            Licence(key=one.licence_key, state=one.state, code=one.code)
            for one in held
            if one.licence_key
        ),
    )


def look_up_exclusion(claim: Claim) -> Match:
    """Return what the copy of the exclusion list says: a number surely, a name possibly."""
    if not is_loaded("us_leie", Part.EXCLUSIONS):
        return compare_excluded(claim, [], loaded=False)
    keys = sorted(possible_keys(claim.name))
    listed = Q(name_key__in=keys)
    if claim.npi:
        listed |= Q(npi=claim.npi)
    return compare_excluded(claim, map(excluded_of, Exclusion.objects.filter(listed)[:MOST]))


def excluded_of(row: Exclusion) -> Excluded:
    """Return an exclusion as the domain sees it."""
    return Excluded(
        npi=row.npi,
        name=KnownName(name_key=row.name_key, given_key=row.given_key),
        state=row.state,
        excluded_on=row.excluded_on,
        ended=row.gone_on is not None or row.reinstated_on is not None,
    )


def verification(claim: Claim) -> Proposal:
    """Return what a steward may make of a claim. It changes nothing."""
    return verification_of(look_up(claim), look_up_exclusion(claim))


def verification_for(*, name: str, register: str, number: str, jurisdiction: str) -> Proposal:
    """Return what a steward may make of a credential as it stands in the directory."""
    claim = claim_of(name, register, number, jurisdiction)
    if claim is None:
        return Proposal(level=None, needs_person=False, reasons=(NO_COPY,))
    return verification(claim)


def codes_of(numbers: Iterable[str]) -> dict[str, list[str]]:
    """Return the taxonomy codes of entries by number, the primary ones first."""
    rows = RegisterEntry.objects.filter(source=Source.US_NPPES, number__in=set(numbers))
    return {
        row.number: [
            one.code
            for one in sorted(row.taxonomies.all(), key=lambda t: (not t.is_primary, t.position))
        ]
        for row in rows.prefetch_related("taxonomies")
    }


def has_exclusions() -> bool:
    """Say whether there is a copy of the exclusion list to ask."""
    return is_loaded("us_leie", Part.EXCLUSIONS)


def exclusions() -> Iterator[Excluded]:
    """Yield every row of the exclusion list that we ever saw, ended or not."""
    for row in Exclusion.objects.order_by("pk").iterator(chunk_size=2_000):
        yield excluded_of(row)


def ended_numbers(numbers: Collection[str]) -> dict[str, str]:
    """Return those of some numbers that the register has deactivated, each with what it says.

    A number that only vanished from the full file is not among them: that may be a mistake.
    """
    if not is_loaded("us_nppes"):
        return {}
    rows = RegisterEntry.objects.filter(source=Source.US_NPPES, number__in=list(numbers))
    gone = (row for row in rows if row.standing != Standing.MISSING and not is_active(row))
    return {row.number: reason_inactive(entry_of(row)) for row in gone}


def missing_numbers(numbers: Collection[str]) -> set[str]:
    """Return those of some numbers that stood in the register's full file and no longer do."""
    if not is_loaded("us_nppes"):
        return set()
    rows = RegisterEntry.objects.filter(source=Source.US_NPPES, number__in=list(numbers))
    return set(rows.filter(standing=Standing.MISSING).values_list("number", flat=True))
