"""Promises about what people type: it is in no table, no log and no address."""

import logging
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from stepwell.web.logs import EventFormatter

pytestmark = pytest.mark.django_db
CANARY = "canary77aa"


def tables() -> str:
    """Everything that the database holds."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(repr(cursor.fetchall()))
    return "\n".join(found)


@pytest.fixture
def traces(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Everything that was written: rows and log lines."""
    caplog.set_level(logging.DEBUG)
    formatter = EventFormatter()
    return lambda: tables() + "\n".join(formatter.format(record) for record in caplog.records)


def test_C1_words_of_a_search_are_in_no_table_no_log_and_no_address(client: Client, traces):
    response = client.post("/search/", {"words": f"{CANARY} help"})

    assert response.status_code == 200
    assert CANARY in response.content.decode()
    assert f"/search/?words={CANARY}" not in response.content.decode()
    assert "Location" not in response.headers
    assert CANARY not in traces()


def test_L1_answers_of_the_guide_are_in_no_table_no_log_and_no_address(client: Client, traces):
    said = {"q1": "suicide_thoughts_intent", "q5": ["low_mood"], "x": CANARY}
    before = tables()

    answers = [
        client.post("/guide/step/", {**said, "go": "2"}),
        client.post("/guide/plan/", said),
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "suicide_thoughts_intent" in answers[0].content.decode()  # it travels in the form
    assert all("Location" not in answer.headers for answer in answers)
    assert tables() == before
    assert "suicide_thoughts_intent" not in traces().replace(before, "")
    assert CANARY not in traces()
