"""What the index holds, and that it is gone when it is removed."""

import random
import sqlite3

import pytest
from django.db import connection

from stepwell.apps.search import actions, marks
from stepwell.apps.search.asks import Ask
from stepwell.apps.search.index import index
from stepwell.apps.search.models import SearchDocument, SearchText, SearchWord
from stepwell.apps.search.numbers import Pool, pool_of, pool_span
from stepwell.apps.search.stems import stem
from tests.apps.search.build import day, make_document, put, titles

pytestmark = pytest.mark.django_db
WORDS = ["anger", "sleep", "worry", "love", "work", "rest", "boss", "friend", "date", "mood"]


def test_putting_again_changes_nothing() -> None:
    document = put("Anger", body="sleep")
    before = list(SearchWord.objects.values_list())

    assert actions.put([document]) == 0
    assert list(SearchWord.objects.values_list()) == before


def test_a_change_replaces_and_the_vocabulary_follows() -> None:
    put("Anger", key="1", body="sleep")

    put("Worry", key="1", body="sleep")

    assert titles("anger") == []
    assert titles("worry") == ["Worry"]
    counted = dict(SearchWord.objects.exclude(word="*").values_list("word", "documents"))
    assert counted == {"": 1, "worry": 1, "sleep": 1}


def test_replace_takes_out_what_is_no_longer_there() -> None:
    put("Anger", family="kind", key="old")
    put("Anger in an article")

    done = actions.replace(["kind"], [make_document("Worry", family="kind", key="new")])

    assert done == {"found": 1, "changed": 1, "removed": 1}
    assert titles("anger") == ["Anger in an article"]


def test_D4_words_of_a_removed_document_are_gone_from_every_table() -> None:
    put("Anger about zebrafinches", body="zebrafinches everywhere")
    put("Anger", key="stays")

    actions.remove([("article", SearchDocument.objects.get(title__contains="zebra").key)])

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("search_"):
                cursor.execute(f'SELECT * FROM "{table}"')
                assert "zebrafinch" not in repr(cursor.fetchall()), table
    assert titles("anger") == ["Anger"]


def test_the_index_follows_its_table_by_itself() -> None:
    put("Anger")
    text = SearchText.objects.get()
    ask = [Ask((((marks.mark("worri"),),),), pool_span(Pool.ARTICLES), 10)]

    SearchText.objects.update(marks="worri")
    found = index().take(ask)
    SearchText.objects.all().delete()

    assert found == [[text.document_id]]
    assert index().take(ask) == [[]]


@pytest.mark.parametrize("seed", range(5))
def test_the_database_names_what_plain_sets_name(seed: int) -> None:
    chance = random.Random(seed)
    held = {}
    for number in range(60):
        family = chance.choice(["article", "kind", "listing"])
        title, body = chance.choices(WORDS, k=2), chance.choices(WORDS, k=4)
        document = make_document(
            " ".join(title), family=family, body=" ".join(body), published_on=day(number % 7)
        )
        held[(family, document.key)] = {*(f"t_{word}" for word in title), *title, *body}
    actions.put([make_document(f"put apart {seed}", family="kind", key="apart")])
    actions.put(
        make_document(
            " ".join(word[2:] for word in has if word.startswith("t_")),
            family=family,
            key=key,
            body=" ".join(word for word in has if not word.startswith("t_")),
            published_on=day(int(key) % 7),
        )
        for (family, key), has in held.items()
    )
    numbers = {
        (family, key): number
        for number, family, key in SearchDocument.objects.values_list("id", "family", "key")
    }

    for _ in range(40):
        clauses = tuple(
            tuple((chance.choice(["", "t_"]) + chance.choice(WORDS),) for _ in range(2))
            for _ in range(chance.randint(1, 3))
        )
        pool, most = chance.choice(list(Pool)), chance.choice([3, 100])
        asked = tuple(tuple((stemmed(mark),) for (mark,) in each) for each in clauses)

        found = index().take([Ask(asked, pool_span(pool), most)])[0]

        meant = sorted(
            (
                numbers[key]
                for key, has in held.items()
                if pool_of(key[0]) is pool
                and all(any(mark in has for (mark,) in each) for each in clauses)
            ),
            reverse=True,
        )
        assert found == meant[:most]


def stemmed(mark: str) -> str:
    return f"t_{stem(mark[2:])}" if mark.startswith("t_") else stem(mark)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 is SQLite's")
def test_D4_sqlite_holds_no_removed_word_in_its_index() -> None:
    put("Anger about zebrafinches")
    put("Anger")
    key = SearchDocument.objects.get(title__contains="zebra").key

    actions.remove([("article", key)])

    assert sqlite3.sqlite_version_info >= (3, 9)
    with connection.cursor() as cursor:
        for table in ("search_marks", "search_title_marks"):
            cursor.execute(f"SELECT block FROM {table}_data")
            assert b"zebrafinch" not in b"".join(block for (block,) in cursor.fetchall())
