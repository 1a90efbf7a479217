"""The content hash: the same on both databases and in any order; another one for any change."""

from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import pytest

from stepwell.apps.tasks.models import TaskState
from stepwell.lib import content_hash

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
# What is hashed of the rows below, by hand: columns by name, values as JSON.
ROWS = [
    f'["", null, "2026-11-24T13:30:00+00:00", "", 0, null, "{name}", null]' for name in ("a", "b")
]
KNOWN = f"{sum(int(sha256(row.encode()).hexdigest(), 16) for row in ROWS) % 2**256:064x}"


def hashed() -> str:
    return content_hash.of_table(TaskState, "default").total


def test_is_the_same_on_every_database_and_in_any_order():
    for name in ("b", "a"):
        TaskState.objects.create(name=name, due_at=DUE)
    one = hashed()
    TaskState.objects.all().delete()
    for name in ("a", "b"):
        TaskState.objects.create(name=name, due_at=DUE)

    assert hashed() == one == KNOWN


def test_any_change_of_a_row_is_seen():
    TaskState.objects.create(name="a", due_at=DUE)
    before = hashed()

    TaskState.objects.update(failures=1)

    assert hashed() != before


def test_values_have_one_form():
    assert content_hash.plain(Decimal("1.50")) == content_hash.plain(Decimal("1.5"))
    assert content_hash.plain(memoryview(b"a")) == content_hash.plain(b"a")


def test_two_equal_rows_are_not_like_none():
    one = content_hash.TableHash(0, "0" * 64)

    assert content_hash.whole({"a": one}) == content_hash.whole({})
    assert content_hash.whole({"a": one._replace(rows=2)}) != content_hash.whole({})
