"""The full-text index of the database in use; both give the same numbers in the same order."""

from collections.abc import Sequence
from typing import Protocol

from django.db import connection

from stepwell.apps.search import index_postgresql, index_sqlite
from stepwell.apps.search.asks import Ask


class Index(Protocol):
    """What a database has to offer."""

    def take(self, asks: Sequence[Ask]) -> list[list[int]]:
        """Return for each question the highest numbers that meet it, the highest first."""

    def forget(self) -> bool:
        """Make sure that words of removed documents are gone; say whether they are."""


def index() -> Index:
    """Return the index of the database in use."""
    found: Index = index_postgresql if connection.vendor == "postgresql" else index_sqlite
    return found
