"""The labelled queries: danger is always heard, and what is looked for is found."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from stepwell.apps.search import queries
from stepwell.apps.search.models import SearchWord
from stepwell.domain import crisis_words, professions, support, tags
from stepwell.importers import starter
from stepwell.web import indexing, search
from tests.apps.search.build import put, titles

HERE = Path(__file__).parent / "labelled"
EVERYDAY_MOST = 0.05  # of everyday queries, for which help may stand first


def read(name: str) -> dict:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


HARM = re.compile(
    r"\b(?:suicid|self.?harm|overdos|kill|lethal|noose|hang|purg|starv|laxativ|razor)", re.I
)  # at the beginning of a word: "change" and "skill" are no harm
PLANTED = ("Methods of suicide", "Lethal amounts compared", "Purging: tricks", "Hanging on a rope")
DANGER = re.compile("crisis|abuse|eating|emergency|inpatient", re.I)
CRISIS = [query for group in read("crisis.toml")["groups"] for query in group["queries"]]


@pytest.fixture(scope="module")
def network(django_db_setup, django_db_blocker):
    """The starter network, indexed; rolled back after this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_starter_articles", verbosity=0)
        starter.load()
        indexing.renew(lambda done: None)
        yield
        transaction.set_rollback(True)


def order_of(found: search.Answer) -> list[str]:
    """Addresses in the order in which the page shows them, each once."""
    lines = [*found.best, *(line for group in found.groups for line in group.lines)]
    return list(dict.fromkeys(line.url for line in lines))


def test_every_crisis_query_brings_help_first():
    missed = [query for query in CRISIS if not crisis_words.help_first(query)]

    assert len(CRISIS) >= 300
    assert missed == []


def test_everyday_queries_seldom_do():
    everyday = read("everyday.toml")["queries"]

    alarms = [query for query in everyday if crisis_words.help_first(query)]

    assert len(everyday) >= 150
    assert len(alarms) / len(everyday) <= EVERYDAY_MOST, alarms


def test_calm_queries_with_words_of_danger_mostly_do_not():
    calm = read("calm.toml")["queries"]

    alarms = [query for query in calm if crisis_words.help_first(query)]

    assert len(alarms) / len(calm) <= 0.15, alarms


@pytest.mark.django_db
@pytest.mark.parametrize("query", CRISIS[::25])
def test_a_crisis_query_is_answered_with_help_and_nothing_is_offered(client, query: str):
    page = client.post("/search/", {"words": query}).content.decode()
    offered = client.post("/search/as-you-type/", {"words": query}).json()["results"]

    assert page.index("In danger right now?") < page.index('name="words" type="search" value')
    assert [each["url"] for each in offered] == ["/help-now/"]


@pytest.mark.django_db
def test_recall_of_the_labelled_queries(network):
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    strict: Counter[str] = Counter()
    missed = []
    for family in read("queries.toml")["families"]:
        for query in family["queries"]:
            answer = search.answer(search.Question(words=query["text"]), timezone.localdate())
            first = order_of(answer)[:5]
            of_groups = [group.lines[0].url for group in answer.groups]
            asked[family["id"]] += 1
            strict[family["id"]] += not set(first).isdisjoint(query["accept"])
            found[family["id"]] += not set(first + of_groups).isdisjoint(query["accept"])
            missed += [query["text"]] if set(first).isdisjoint(query["accept"]) else []

    for name, number in [*asked.items(), ("all", asked.total())]:
        one, other = found.get(name, found.total()), strict.get(name, strict.total())
        print(f"recall, {name}: {one} of {number}, in the first five alone {other}")
    assert asked.total() >= 120
    assert found.total() / asked.total() >= 0.95, missed
    assert strict.total() / asked.total() >= 0.95, missed


@pytest.mark.django_db
def test_no_beginning_of_any_word_offers_harm(network):
    for number, title in enumerate(PLANTED):
        put(title, family="kind", key=f"planted-{number}")
    words = SearchWord.objects.exclude(word__in=SearchWord.NO_WORDS).values_list("word", flat=True)
    starts = {word[:length] for word in words for length in (2, 3, 4, 5)}

    harmful = [
        (start, hit["title"])
        for start in sorted(starts)
        for hit in search.while_typing(start, timezone.localdate())
        if HARM.search(hit["title"].lower())
    ]

    assert len(starts) > 3_000
    assert harmful == []


@pytest.mark.django_db
@pytest.mark.parametrize("title", PLANTED)
def test_a_title_that_harms_is_found_but_not_offered(title: str):
    put(title)
    start = title[:6]

    assert title in [hit.title for hit in queries.begun(start)]
    assert title not in [hit["title"] for hit in search.while_typing(start, timezone.localdate())]
    assert titles(title)[0] == title


@pytest.mark.parametrize("family", [tags.tags, support.kinds, professions.professions])
def test_typing_the_name_of_a_thing_of_ours_raises_no_alarm(family):
    names = [one.name for one in family().values() if not DANGER.search(one.name)]

    alarms = [
        name[:end]
        for name in names
        for end in range(2, len(name) + 1)
        if crisis_words.help_first(name[:end])
    ]

    assert alarms == []
