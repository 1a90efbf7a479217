"""Queries that Django puts into SQL once per process; asking again costs the database's time only.

To put a query together takes Django ten times as long as SQLite takes to answer it. What it
puts together is always the same but for the values, so those are told each time:

    slug = Given("slug", Row, "slug")
    title_of = Prepared(lambda: Row.objects.filter(slug=slug).values_list("title"))
    title_of(slug="rest")
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connections, router
from django.db.models import Expression, Field, Model, QuerySet


class Given(Expression):
    """Stands in a filter for a value that is told when the query is asked."""

    def __init__(self, name: str, model: type[Model], field: str) -> None:
        found = model._meta.get_field(field)
        assert isinstance(found, Field)
        super().__init__(output_field=found)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """Leave a place for the value."""
        return "%s", [self]


class _Written(NamedTuple):
    sql: str
    params: tuple[Any, ...]
    converters: list[tuple[int, list[Any], Any]]  # of a column: its place, functions, expression


class Prepared:
    """A query with `.values_list()`: called with the values, it returns the rows."""

    def __init__(self, make: Callable[[], QuerySet[Any, tuple[Any, ...]]]) -> None:
        self._make = make
        self._model: type[Model] | None = None
        self._written: dict[str, _Written] = {}  # by the database's kind

    def __call__(self, **told: Any) -> list[tuple[Any, ...]]:
        """Ask the database."""
        if self._model is None:
            self._model = self._make().model
        connection = connections[router.db_for_read(self._model)]
        written = self._written.get(connection.vendor)
        if written is None:
            written = self._written[connection.vendor] = self._write(connection.alias)
        params = [
            one.output_field.get_db_prep_value(told[one.name], connection)
            if isinstance(one, Given)
            else one
            for one in written.params
        ]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, params)
            rows = cursor.fetchall()
        if not written.converters:
            return list(rows)
        return [_converted(row, written.converters, connection) for row in rows]

    def _write(self, alias: str) -> _Written:
        compiler = self._make().query.get_compiler(alias)
        sql, params = compiler.as_sql()
        found = compiler.get_converters([one for one, _, _ in compiler.select])
        converters = [(at, functions, column) for at, (functions, column) in found.items()]
        return _Written(sql, tuple(params), converters)


def _converted(row: tuple[Any, ...], converters: Any, connection: Any) -> tuple[Any, ...]:
    values = list(row)
    for at, functions, column in converters:
        for function in functions:
            values[at] = function(values[at], column, connection)
    return tuple(values)
