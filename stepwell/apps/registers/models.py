"""Tables of the register mirror: our copy of public registers, to check credentials against.

Nothing in these tables is ever shown by itself. They are filled by whole files,
so the rows are numbered by the importer and the indexes can be taken away
while a first, full file is loaded.
"""

from enum import IntEnum
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from stepwell.domain.register_copy import Kind, Origin, Source, Standing

# TRUST D1. Names and phones in public registers are still about people: B.
FIELD_CLASSES = {
    "RegisterEntry.id": "C",
    "RegisterEntry.source": "C",
    "RegisterEntry.number": "B",
    "RegisterEntry.kind": "B",
    "RegisterEntry.standing": "B",
    "RegisterEntry.name": "B",
    "RegisterEntry.given_names": "B",
    "RegisterEntry.suffix": "B",
    "RegisterEntry.credential": "B",
    "RegisterEntry.name_key": "B",
    "RegisterEntry.given_key": "B",
    "RegisterEntry.town": "B",
    "RegisterEntry.state": "B",
    "RegisterEntry.postcode": "B",
    "RegisterEntry.country": "B",
    "RegisterEntry.phone": "B",
    "RegisterEntry.replaced_by": "B",
    "RegisterEntry.enumerated_on": "B",
    "RegisterEntry.updated_on": "B",
    "RegisterEntry.deactivated_on": "B",
    "RegisterEntry.reactivated_on": "B",
    "RegisterEntry.struck_on": "B",
    "RegisterEntry.content_hash": "C",
    "RegisterTaxonomy.id": "C",
    "RegisterTaxonomy.entry": "B",
    "RegisterTaxonomy.position": "B",
    "RegisterTaxonomy.code": "B",
    "RegisterTaxonomy.licence": "B",
    "RegisterTaxonomy.licence_key": "B",
    "RegisterTaxonomy.state": "B",
    "RegisterTaxonomy.is_primary": "B",
    "RegisterName.id": "C",
    "RegisterName.entry": "B",
    "RegisterName.origin": "C",
    "RegisterName.name": "B",
    "RegisterName.given_names": "B",
    "RegisterName.name_key": "B",
    "RegisterName.given_key": "B",
    "RegisterPlace.id": "C",
    "RegisterPlace.entry": "B",
    "RegisterPlace.town": "B",
    "RegisterPlace.state": "B",
    "RegisterPlace.postcode": "B",
    "RegisterPlace.country": "B",
    "RegisterPlace.phone": "B",
    "RegisterEndpoint.id": "C",
    "RegisterEndpoint.entry": "B",
    "RegisterEndpoint.kind": "B",
    "RegisterEndpoint.address": "B",
    "Exclusion.id": "C",
    "Exclusion.key": "C",
    "Exclusion.npi": "B",
    "Exclusion.is_person": "B",
    "Exclusion.name": "B",
    "Exclusion.given_names": "B",
    "Exclusion.name_key": "B",
    "Exclusion.given_key": "B",
    "Exclusion.specialty": "B",
    "Exclusion.town": "B",
    "Exclusion.state": "B",
    "Exclusion.basis": "B",
    "Exclusion.excluded_on": "B",
    "Exclusion.reinstated_on": "B",
    "Exclusion.waived_on": "B",
    "Exclusion.waiver_state": "B",
    "Exclusion.last_seen_on": "C",
    "Exclusion.gone_on": "C",
    "TaxonomyTerm.id": "C",
    "TaxonomyTerm.version": "C",
    "TaxonomyTerm.code": "D",
    "TaxonomyTerm.name": "D",
    "TaxonomyTerm.inactive": "D",
    "TaxonomyTerm.replaced_by": "D",
    "MirrorRun.id": "C",
    "MirrorRun.source": "C",
    "MirrorRun.part": "C",
    "MirrorRun.file": "C",
    "MirrorRun.fingerprint": "C",
    "MirrorRun.full": "C",
    "MirrorRun.state": "C",
    "MirrorRun.straight": "C",
    "MirrorRun.position": "C",
    "MirrorRun.next_id": "C",
    "MirrorRun.rejects_size": "C",
    "MirrorRun.read": "C",
    "MirrorRun.new": "C",
    "MirrorRun.changed": "C",
    "MirrorRun.unchanged": "C",
    "MirrorRun.withdrawn": "C",
    "MirrorRun.rejected": "C",
    "MirrorRun.notes": "C",
    "MirrorRun.content_hash": "C",
    "MirrorRun.started_at": "C",
    "MirrorRun.finished_at": "C",
}


def numbers(family: type[IntEnum]) -> list[tuple[int, str]]:
    """Return the numbers of the domain as choices, without tying migrations to the domain."""
    return [(one.value, one.name) for one in family]


def one_of(field: str, family: type[IntEnum], name: str) -> CheckConstraint:
    """Return a constraint: the column holds one of these numbers, which follow one another.

    A range, not a list: SQLite builds a table for the list of an IN with every row it checks.
    """
    least, most = min(family).value, max(family).value
    inside = Q(**{f"{field}__gte": least, f"{field}__lte": most})
    return CheckConstraint(condition=inside, name=name)


class RegisterEntry(models.Model):
    """One number of a register. The keys are folded for look-up (stepwell.domain.register_names).

    The importer gives the id, so that rows that belong to it can be written with it.
    """

    id = models.BigIntegerField(primary_key=True)
    source = models.PositiveSmallIntegerField(choices=numbers(Source))
    number = models.CharField(max_length=20)
    kind = models.PositiveSmallIntegerField(choices=numbers(Kind))
    standing = models.PositiveSmallIntegerField(choices=numbers(Standing))
    name = models.CharField(max_length=160, blank=True)  # of an organisation, or the family name
    given_names = models.CharField(max_length=100, blank=True)
    suffix = models.CharField(max_length=20, blank=True)
    credential = models.CharField(max_length=60, blank=True)  # free text, as written
    name_key = models.CharField(max_length=160, blank=True)
    given_key = models.CharField(max_length=60, blank=True)
    town = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=40, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    replaced_by = models.CharField(max_length=20, blank=True)
    enumerated_on = models.DateField(null=True, blank=True)
    updated_on = models.DateField(null=True, blank=True)
    deactivated_on = models.DateField(null=True, blank=True)
    reactivated_on = models.DateField(null=True, blank=True)
    # From the list of deactivated numbers, which is newer than the main file.
    struck_on = models.DateField(null=True, blank=True)
    content_hash = models.BigIntegerField()  # of the row in the main file; 0: it was in none

    class Meta:
        constraints: ClassVar = [
            one_of("source", Source, "registers_entry_source_known"),
            one_of("kind", Kind, "registers_entry_kind_known"),
            one_of("standing", Standing, "registers_entry_standing_known"),
            CheckConstraint(condition=~Q(number=""), name="registers_entry_number_given"),
            # As expressions, so that both databases make an index that can be dropped.
            UniqueConstraint(F("source"), F("number"), name="registers_entry_once"),
        ]
        indexes: ClassVar = [Index(fields=["name_key", "state"], name="registers_entry_name")]

    def __str__(self) -> str:
        return f"{Source(self.source).name} {self.number}"


class RegisterTaxonomy(models.Model):
    """One of up to fifteen things an entry says it does, with the licence it names for it.

    Declared by the provider, checked by nobody.
    """

    entry = models.ForeignKey(
        RegisterEntry, models.CASCADE, related_name="taxonomies", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)
    licence = models.CharField(max_length=40, blank=True)
    licence_key = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=2, blank=True)
    is_primary = models.BooleanField(null=True, blank=True)  # None: neither yes nor no

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=Q(position__range=(1, 15)), name="registers_taxonomy_place"),
            UniqueConstraint(F("entry"), F("position"), name="registers_taxonomy_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.licence}".strip()


class RegisterName(models.Model):
    """Another name of an entry: a former one, or one it does business under."""

    entry = models.ForeignKey(RegisterEntry, models.CASCADE, related_name="names", db_index=False)
    origin = models.PositiveSmallIntegerField(choices=numbers(Origin))
    name = models.CharField(max_length=160)
    given_names = models.CharField(max_length=100, blank=True)
    name_key = models.CharField(max_length=160)
    given_key = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            one_of("origin", Origin, "registers_name_origin_known"),
            UniqueConstraint(
                F("entry"), F("origin"), F("name"), F("given_names"), name="registers_name_once"
            ),
        ]
        indexes: ClassVar = [Index(fields=["name_key"], name="registers_name_key")]

    def __str__(self) -> str:
        return self.name


class RegisterPlace(models.Model):
    """A further place of practice. Its street is not kept."""

    entry = models.ForeignKey(RegisterEntry, models.CASCADE, related_name="places", db_index=False)
    town = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=40, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                F("entry"), F("town"), F("state"), F("postcode"), F("country"), F("phone"),
                name="registers_place_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.town, self.state)))


class RegisterEndpoint(models.Model):
    """A web address of an entry's system. Addresses of the form name@host are not kept."""

    entry = models.ForeignKey(
        RegisterEntry, models.CASCADE, related_name="endpoints", db_index=False
    )
    kind = models.CharField(max_length=20)
    address = models.CharField(max_length=400)

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                condition=~Q(address__contains="@"), name="registers_endpoint_is_no_mailbox"
            ),
            UniqueConstraint(F("entry"), F("kind"), F("address"), name="registers_endpoint_once"),
        ]

    def __str__(self) -> str:
        return self.kind


class Exclusion(models.Model):
    """Somebody on the US list of excluded individuals and entities.

    The full list forgets those who were reinstated; we keep that they stood there
    (`gone_on`). A row without a number is known by its name only.
    """

    key = models.CharField(max_length=32, unique=True)  # hash of what the row says
    npi = models.CharField(max_length=10, blank=True)
    is_person = models.BooleanField()
    name = models.CharField(max_length=120)
    given_names = models.CharField(max_length=60, blank=True)
    name_key = models.CharField(max_length=120)
    given_key = models.CharField(max_length=60, blank=True)
    specialty = models.CharField(max_length=60, blank=True)
    town = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=2, blank=True)
    basis = models.CharField(max_length=20)  # the paragraph of the law
    excluded_on = models.DateField()
    reinstated_on = models.DateField(null=True, blank=True)
    waived_on = models.DateField(null=True, blank=True)
    waiver_state = models.CharField(max_length=2, blank=True)
    last_seen_on = models.DateField()
    gone_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            Index(fields=["npi"], name="registers_exclusion_npi"),
            Index(fields=["name_key", "state"], name="registers_exclusion_name"),
        ]

    def __str__(self) -> str:
        return f"exclusion {self.pk}"


class TaxonomyTerm(models.Model):
    """The name of one code, from the host's own copy of the code list."""

    version = models.CharField(max_length=60)  # the file's name and a hash of it
    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=200)
    inactive = models.BooleanField(default=False)
    replaced_by = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Part(models.TextChoices):
    """Which of a register's files was read."""

    MAIN = "main", "Main file"
    PLACES = "places", "Places of practice"
    NAMES = "names", "Other names"
    ENDPOINTS = "endpoints", "Endpoints"
    DEACTIVATED = "deactivated", "Deactivated numbers"
    EXCLUSIONS = "exclusions", "Exclusions"
    TERMS = "terms", "Code list"


class RunState(models.TextChoices):
    """How far a run has come."""

    READING = "reading", "Reading"
    MERGED = "merged", "Merged"
    REFUSED = "refused", "Refused"
    ABANDONED = "abandoned", "Given up for another file"


class MirrorRun(models.Model):
    """One file read into the mirror: how far, with what counts, and whether it was merged."""

    source = models.CharField(max_length=20)  # us_nppes, us_leie, nucc
    part = models.CharField(max_length=12, choices=Part)
    file = models.CharField(max_length=200)  # its name, never a path
    fingerprint = models.CharField(max_length=64)
    full = models.BooleanField()  # what is not in it is no longer in the register
    state = models.CharField(max_length=9, choices=RunState)
    straight = models.BooleanField(default=False)  # into the empty tables, not by way of staging
    position = models.PositiveIntegerField(default=0)  # blocks of the file that are stored
    next_id = models.BigIntegerField(default=1)
    rejects_size = models.BigIntegerField(default=0)  # bytes of the reject file that count
    read = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=dict, blank=True)  # what was repaired or not kept, counted
    content_hash = models.BigIntegerField(default=0)  # sum of the hashes of the rows, modulo 2**64
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(state__in=RunState.values), name="registers_run_state_known"
            ),
            CheckConstraint(condition=Q(part__in=Part.values), name="registers_run_part_known"),
            UniqueConstraint(
                fields=["source", "part"],
                condition=Q(state=RunState.READING.value),
                name="registers_run_one_at_a_time",
            ),
        ]
        indexes: ClassVar = [Index(fields=["source", "part", "started_at"], name="registers_runs")]

    def __str__(self) -> str:
        return f"{self.source}, {self.part}, {self.file}"
