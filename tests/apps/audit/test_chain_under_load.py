"""Many writers at once keep one chain, and nobody waits for somebody's long transaction."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from stepwell.apps.audit.actions import record
from stepwell.apps.audit.linking import link
from stepwell.apps.audit.models import Event
from stepwell.apps.audit.verifying import verify

WRITERS = 50
EACH = 4


@pytest.mark.django_db(transaction=True)
def test_L4_fifty_writers_keep_one_chain():
    barrier = Barrier(WRITERS)

    def write(writer: int) -> None:
        try:
            barrier.wait()
            for number in range(EACH):
                with transaction.atomic():
                    record(by=None, verb="wrote", thing=f"letter:{writer}", reason=str(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    link()

    verdict = verify()
    assert verdict.is_whole, verdict.broken
    assert (verdict.events, verdict.waiting) == (WRITERS * EACH, 0)


@pytest.mark.django_db(transaction=True)
def test_what_is_recorded_is_linked_after_the_commit_without_anybody_asking():
    with transaction.atomic():
        record(by=None, verb="wrote", thing="letter:1")
        record(by=None, verb="wrote", thing="letter:2")
        assert set(Event.objects.values_list("position", flat=True)) == {None}

    assert list(Event.objects.order_by("pk").values_list("position", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_long_transaction_that_records_stops_no_other_writer():
    """On SQLite there is one writer at a time anyway; on PostgreSQL nobody waits."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")

    def write() -> None:
        try:
            record(by=None, verb="wrote", thing="letter:2")
        finally:
            connection.close()

    with transaction.atomic():
        record(by=None, verb="wrote", thing="import:1")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(write).result(timeout=10)
        assert Event.objects.get(thing="letter:2").position == 1

    assert Event.objects.get(thing="import:1").position == 2
    assert verify().is_whole
