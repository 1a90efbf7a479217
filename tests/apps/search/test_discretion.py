"""What was searched stays with who searched, and nobody finds a listing that is not shown."""

import json
import logging
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from stepwell.apps.directory import actions as directory
from stepwell.apps.search.index import index
from stepwell.web.logs import EventFormatter
from tests.apps.directory.build import make_listing
from tests.apps.search.build import put

pytestmark = pytest.mark.django_db
CANARY = "zebrafinch"
ADDRESSES = ("/search/", "/search/as-you-type/")
LOGGERS = ("", "django", "django.request", "django.db.backends", "stepwell")


@pytest.fixture
def records():
    """Every record of every logger, also of those that pass nothing on."""
    kept: list[logging.LogRecord] = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = kept.append
    before = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield kept
    for name, level in before.items():
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).setLevel(level)


def written(records: list[logging.LogRecord]) -> str:
    """Everything that is logged: as our lines are written, and the records' own texts."""
    lines = [EventFormatter().format(record) for record in records]
    return "\n".join([*lines, *(record.getMessage() for record in records)])


@pytest.mark.parametrize("address", ADDRESSES)
def test_L1_no_word_searched_is_logged(client: Client, records, capfd, address: str):
    put(f"About {CANARY}")

    answer = client.post(address, {"words": CANARY})

    assert CANARY in answer.content.decode()
    assert records
    assert CANARY not in written(records)
    assert CANARY not in "".join(capfd.readouterr())


@pytest.mark.parametrize("address", ADDRESSES)
def test_L1_P9_no_word_searched_is_logged_when_the_database_fails_and_it_can_be_sent_again(
    client: Client, records, capfd, monkeypatch: pytest.MonkeyPatch, address: str
):
    def fail(asks):
        held_in_a_local = f"{CANARY} {asks}"
        raise DatabaseError(f"malformed MATCH expression: {held_in_a_local}")

    monkeypatch.setattr(index(), "take", fail)
    client.raise_request_exception = False
    put(f"About {CANARY}")

    answer = client.post(address, {"words": CANARY})

    failures = [json.loads(EventFormatter().format(one)) for one in records if one.exc_info]
    assert answer.status_code == 500
    assert "DatabaseError" in {failure["exception"] for failure in failures}
    shown = answer.content.decode()
    assert f'<input type="hidden" name="words" value="{CANARY}">' in shown
    assert shown.count(CANARY) == 1  # what was typed, and nothing of what failed
    assert "malformed" not in shown
    assert "no-store" in answer["Cache-Control"]
    assert CANARY not in written(records)
    assert CANARY not in "".join(capfd.readouterr())


def test_L1_every_line_that_is_written_is_written_by_our_formatter():
    handlers = settings.LOGGING["handlers"].values()

    assert {handler["formatter"] for handler in handlers} == {"event"}
    assert settings.LOGGING["formatters"]["event"]["()"].endswith("EventFormatter")


@pytest.mark.parametrize(("days", "found"), [(90, True), (91, False)])
def test_a_listing_confirmed_too_long_ago_is_found_by_nobody(
    client: Client, days: int, found: bool
):
    confirmed = timezone.localdate() - timedelta(days=days)
    listing = make_listing(name="Zebrafinch counselling", confirmed_on=confirmed)
    directory.make_all_findable(lambda done: None)

    pages = [
        client.post(url, {"words": words, **more}).content.decode()
        for words in ("zebrafinch", "counselling zebrafinch", "zebrafi")
        for url, more in (
            ("/search/", {}),
            ("/search/", {"group": "listing"}),
            ("/search/as-you-type/", {}),
        )
    ]

    assert {str(listing.pk) in page for page in pages} == {found}
