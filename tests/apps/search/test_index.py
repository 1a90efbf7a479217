"""What the index holds, and that it is gone when it is removed."""

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from stepwell.apps.search import actions, marks
from stepwell.apps.search.asks import Ask
from stepwell.apps.search.index import index
from stepwell.apps.search.models import SearchDocument, SearchText, SearchWord
from stepwell.apps.search.numbers import Pool, pool_of, pool_span
from stepwell.apps.search.stems import stem
from tests import migrated
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
    assert counted == {"": 1, "-": 1, "worry": 1, "sleep": 1}


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
    actions.tidy()

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
    assert actions.tidy()

    with connection.cursor() as cursor:
        for table in ("search_marks", "search_title_marks"):
            cursor.execute(f"SELECT block FROM {table}_data")
            assert b"zebrafinch" not in b"".join(block for (block,) in cursor.fetchall())


ERASING = """
import django
django.setup()
from pathlib import Path
from django.db import connection
from django.utils import timezone
from stepwell.apps.search import actions
from stepwell.apps.search.documents import Document
from stepwell.apps.tasks.actions import run_due

def held():
    file = Path(connection.settings_dict["NAME"])
    return any(b"zebrafinch" in one.read_bytes() for one in file.parent.glob(f"{file.name}*"))

make = lambda key, body: Document(family="article", key=key, title="Anger", url="/", body=body)
actions.put([make("1", "zebrafinches everywhere"), make("2", "sleep")])
actions.put([make("1", "budgerigars")])
print(held())
run_due(timezone.now)
print(held())
"""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite's")
def test_D4_no_file_holds_a_removed_word_after_the_task(tmp_path: Path) -> None:
    env = migrated.environment(STEPWELL_VAR=str(tmp_path))
    shutil.copyfile(migrated.sqlite(), tmp_path / "stepwell.sqlite3")

    told = subprocess.run(
        [sys.executable, "-c", ERASING], env=env, check=True, capture_output=True, text=True
    ).stdout.split()

    assert told == ["True", "False"]


def test_an_edit_does_not_go_over_the_whole_index(monkeypatch: pytest.MonkeyPatch) -> None:
    merged = []
    monkeypatch.setattr(index(), "forget", lambda: merged.append(1) or True)
    put("Anger", key="1")

    put("Worry", key="1")
    actions.remove([("article", "1")])
    at_edits = len(merged)
    actions.tidy()
    actions.tidy()

    assert (at_edits, len(merged)) == (0, 1)


def test_what_is_still_read_is_forgotten_at_the_next_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [False, True]
    monkeypatch.setattr(index(), "forget", lambda: answers.pop(0))
    put("Anger", key="1")
    actions.remove([("article", "1")])

    assert [actions.tidy(), actions.tidy(), actions.tidy()] == [False, True, True]
    assert answers == []
