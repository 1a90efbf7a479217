"""Puts names of places into their table: one source is replaced as a whole, or not at all."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from stepwell.apps.directory.models import PlaceName, PlaceSource
from stepwell.domain.place_names import Known
from stepwell.importers.places import shipped

BATCH = 10_000
COLUMNS = ("source_id", "folded", *Known._fields)
Places = Iterable[tuple[Known, frozenset[str]]]
Key = tuple[str, str, str, str]


def load_shipped(clock: Callable[[], datetime]) -> dict[str, int]:
    """Load what comes with Stepwell, and return how many rows each source has.

    What is there already is left alone, so that a later start costs two look-ups.
    """
    told = {
        "cities": (shipped.CITIES.name, shipped.cities_fingerprint(), shipped.cities),
        "zipcodes": ("zipcodes", shipped.zip_codes_fingerprint(), shipped.zip_codes),
    }
    for source, (file, fingerprint, read) in told.items():
        if not is_loaded(source, fingerprint):
            replace(source, file, fingerprint, read(), clock())
    return dict(PlaceSource.objects.filter(pk__in=told).values_list("name", "rows"))


def is_loaded(source: str, fingerprint: str) -> bool:
    """Say whether this very file is what a source was last loaded from."""
    return PlaceSource.objects.filter(pk=source, fingerprint=fingerprint).exists()


@transaction.atomic
def replace(source: str, file: str, fingerprint: str, places: Places, at: datetime) -> int:
    """Replace all names of a source and return how many there are now."""
    PlaceName.objects.filter(source=source).delete()
    PlaceSource.objects.update_or_create(
        pk=source,
        defaults={"file": file[:200], "fingerprint": fingerprint, "loaded_at": at, "rows": 0},
    )
    rows = [(source, key[0], *known) for key, known in by_key(places).items()]
    store(rows)
    PlaceSource.objects.filter(pk=source).update(rows=len(rows))
    return len(rows)


def by_key(places: Places) -> dict[Key, Known]:
    """Return the places by what has to be different; of two of one key, the larger."""
    kept: dict[Key, Known] = {}
    for known, forms in places:
        for folded in {""} if known.district else forms:
            key = (folded, known.district, known.country, known.region)
            if key not in kept or kept[key].size < known.size:
                kept[key] = known
    return kept


def store(rows: Sequence[tuple[str | float, ...]]) -> None:
    """Put rows in. Past the ORM: a first start has 140,000 of them and takes seconds."""
    table, names = PlaceName._meta.db_table, ", ".join(COLUMNS)
    places = ", ".join(["%s"] * len(COLUMNS))
    sql = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        for at in range(0, len(rows), BATCH):
            cursor.executemany(sql, rows[at : at + BATCH])
