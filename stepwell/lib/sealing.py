"""Seals text with this site's keys; a model field that holds nothing else.

    class Letter(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid4)
        message = SealedField()

    letter = Letter(kind="question")
    seal_into(letter, message="...")
    letter.save()
    opened(letter, "message")

A row has to know its key before it can be sealed, so its primary key is made by us
and not by the database. Opening is a call of its own, never a side effect of
reading: code that does not ask sees sealed text only.

Keys come from `SEALING_KEYS` (the keys themselves) or else from the file
`SEALING_KEYS_FILE`. A file that changed is read again, so that a rotation needs no
restart.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps
from django.conf import settings
from django.db import models

from stepwell.lib import key_rings
from stepwell.lib.key_rings import KeyRing, SealingError


class SealedField(models.TextField):  # type: ignore[type-arg]  # not generic at run time
    """A column that holds sealed text only."""

    def get_prep_value(self, value: Any) -> Any:
        """Refuse to store or look up what is not sealed."""
        if value is not None and not key_rings.is_sealed(str(value)):
            raise SealingError(
                f"{self.name}: plain text must not reach the database. Use seal_into()."
            )
        return super().get_prep_value(value)


def ring() -> KeyRing:
    """Return the keys of this site; raise NoKeys with the repair where there are none."""
    if settings.SEALING_KEYS:
        return _parsed(settings.SEALING_KEYS)
    path = Path(settings.SEALING_KEYS_FILE)
    return _read(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=4)
def _parsed(text: str) -> KeyRing:
    return key_rings.parse(text, "SEALING_KEYS")


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> KeyRing:
    return key_rings.read(path)


def seal(text: str, context: str) -> str:
    """Return `text` sealed under this site's newest key."""
    return ring().seal(text, context)


def unseal(sealed: str, context: str) -> str:
    """Return what was sealed for this `context`."""
    return ring().unseal(sealed, context)


def context_of(row: models.Model, name: str) -> str:
    """Return "table:column:row", to which a sealed value is bound."""
    if row.pk is None:
        raise SealingError(
            f"{row._meta.label} has no key yet, so nothing can be sealed for it. "
            "Give the model a primary key that is made before it is saved."
        )
    return f"{row._meta.db_table}:{name}:{row.pk}"


def seal_into(row: models.Model, **texts: str) -> None:
    """Set sealed fields of a row from plain texts; the row is not saved."""
    for name, text in texts.items():
        setattr(row, name, seal(text, context_of(row, name)))


def opened(row: models.Model, name: str) -> str:
    """Return the plain text of one sealed field."""
    return unseal(getattr(row, name), context_of(row, name))


def sealed_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Yield model and name of every sealed field of the site."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField) and field.model is model:
                yield model, field.name


class Store(Protocol):
    """Sealed texts that lie elsewhere than in a SealedField."""

    def waiting(self) -> int:
        """Return how many are not under the newest key."""

    def reseal(self) -> Iterator[tuple[int, list[str]]]:
        """Seal them again; yield how many were, and which could not be opened."""

    def try_one(self) -> None:
        """Open one; raise SealingError where the keys do not."""


_stores: list[Store] = []


def add_store(store: Store) -> None:
    """Have a rotation of keys and the checks of keys look at one more place."""
    _stores.append(store)


def waiting() -> int:
    """Return how many sealed texts are not under the newest key."""
    found = sum(_old(model, name).count() for model, name in sealed_columns())
    return found + sum(store.waiting() for store in _stores)


def reseal(batch: int = 200) -> Iterator[tuple[int, list[str]]]:
    """Seal everything under the newest key again, once through.

    Yields for each batch how many texts it changed, and which could not be opened
    (as "table:column:row"). Safe while people write: a text is replaced only if it is
    still the one that was read. Safe to stop: the next run takes the rest.
    """
    for model, name in sealed_columns():
        last = None
        while found := _next(model, name, last, batch):
            yield _reseal_batch(model, name, found)
            last = found[-1].pk
    for store in _stores:
        yield from store.reseal()


def _old(model: type[models.Model], name: str) -> "models.QuerySet[Any]":
    newest = {f"{name}__startswith": f"s1.{ring().newest}."}
    return model._default_manager.exclude(**newest).exclude(**{f"{name}__isnull": True})


def _next(model: type[models.Model], name: str, last: Any, batch: int) -> list[Any]:
    rows = _old(model, name) if last is None else _old(model, name).filter(pk__gt=last)
    return list(rows.order_by("pk").only("pk", name)[:batch])


def _reseal_batch(model: type[models.Model], name: str, rows: list[Any]) -> tuple[int, list[str]]:
    changed, unopened = 0, []
    for row in rows:
        context, before = context_of(row, name), getattr(row, name)
        try:
            after = seal(unseal(before, context), context)
        except SealingError:
            unopened.append(context)
            continue
        same = model._default_manager.filter(pk=row.pk, **{name: before})
        changed += same.update(**{name: after})
    return changed, unopened


def find_unopened() -> str | None:
    """Return why this site's keys do not open what is stored, looking at one text a column."""
    try:
        keys = ring()
        if keys.unseal(keys.seal("probe", "probe"), "probe") != "probe":
            return "What was sealed just now did not open."
        for model, name in sealed_columns():
            row = model._default_manager.exclude(**{f"{name}__isnull": True}).first()
            if row is not None:
                opened(row, name)
        for store in _stores:
            store.try_one()
    except SealingError as error:
        return str(error)
    return None
