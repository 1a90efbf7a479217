"""The work of `bench.search` on one database, named by the environment. Prints JSON."""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

import django

django.setup()

from django.db import connection, models  # noqa: E402
from modelsearch.abstract_models import TextIDGenericRelation  # noqa: E402
from wagtail.search import index as wagtail_index  # noqa: E402
from wagtail.search.backends import get_search_backend  # noqa: E402
from wagtail.search.models import IndexEntry  # noqa: E402

from bench.search_texts import documents, vocabulary  # noqa: E402
from stepwell.apps.search import actions, facts, queries  # noqa: E402
from stepwell.apps.search.documents import Document  # noqa: E402
from stepwell.apps.search.models import SearchDocument, SearchText  # noqa: E402
from stepwell.web import search  # noqa: E402

TODAY = date(2026, 11, 24)
EACH, OF_PEERS, PUTS, COMPARED = 40, 5, 20, 12
TOO_SLOW = ("sqlite", "a common word")  # for Wagtail: five did not end within 80 seconds
Times = dict[str, list[float]]


class Peer(wagtail_index.Indexed, models.Model):
    """The same texts as Wagtail's own search is given them."""

    title = models.TextField()
    body = models.TextField()
    search_fields = (wagtail_index.SearchField("title"), wagtail_index.SearchField("body"))

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.title


TextIDGenericRelation(IndexEntry).contribute_to_class(Peer, "index_entries")


def timed(work: Callable[[], object]) -> float:
    """Return the milliseconds that `work` takes once."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def note(text: str) -> None:
    """Say how far the bench is."""
    print(f"{datetime.now(UTC):%H:%M:%S} {text}", file=sys.stderr, flush=True)


def fill(articles: int) -> dict[str, float]:
    """Put every document in, and the texts into the peer; return the seconds of each."""
    every = list(documents(articles))
    ours = timed(lambda: actions.put([*facts.documents(), *every])) / 1000
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    note(f"put in {ours:.0f} s")
    with connection.schema_editor() as editor:
        editor.create_model(Peer)
    theirs = timed(lambda: _fill_peer(every)) / 1000
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    note(f"peer filled in {theirs:.0f} s")
    return {"ours": ours, "peer": theirs}


def _fill_peer(every: Iterable[Document]) -> None:
    texts = [one for one in every if one.family == "article"]
    rows = Peer.objects.bulk_create(
        [Peer(title=one.title, body=f"{one.summary} {one.body}") for one in texts], 2_000
    )
    theirs = get_search_backend().get_index_for_model(Peer)
    for at in range(0, len(rows), 2_000):
        theirs.add_items(Peer, rows[at : at + 2_000])


def typed_by_rank(chance: random.Random) -> dict[str, list[str]]:
    """Return searches: words that stand nearly everywhere, two middling ones, seldom ones."""
    words = vocabulary()
    return {
        "a common word": chance.choices(words[:40], k=EACH),
        "two words": [
            " ".join(chance.sample(words[40:1_000], 2)) for _ in range(EACH)
        ],
        "a rare word": chance.choices(words[5_000:12_000], k=EACH),
    }  # fmt: skip


def keystrokes(chance: random.Random) -> list[str]:
    """Return what stands in the field after each letter of the first two words of some titles."""
    titles = list(SearchDocument.objects.filter(family="article").values_list("title", flat=True))
    typed = []
    for title in chance.sample(titles, 15):
        two = " ".join(title.split()[:2])
        typed += [two[:length] for length in range(2, len(two) + 1) if two[length - 1] != " "]
    return typed


def by_like(text: str) -> int:
    """Name every article that holds all words, by going through all of them."""
    rows = SearchText.objects.all()
    for word in text.split():
        like = models.Q(title_stems__contains=word) | models.Q(body_stems__contains=word)
        rows = rows.filter(like | models.Q(head_stems__contains=word))
    return len(rows.values_list("document_id"))


def by_wagtail(text: str) -> list[str]:
    """Return the first ten titles that Wagtail's own search of the database gives."""
    return [one.title for one in get_search_backend().search(text, Peer, operator="and")[:10]]


def ask(text: str) -> search.Answer:
    """Answer a search as the page does."""
    return search.answer(search.Question(words=text), TODAY)


def top(text: str) -> list[int]:
    """Return the first ten."""
    return [one.number for one in queries.find(text, exact=True).ranked[:10]]


def compare(asked: list[str]) -> int:
    """Return for how many searches the first ten differ when every match is ranked."""
    bounded = [top(text) for text in asked]
    kept, queries.CANDIDATES = queries.CANDIDATES, dict.fromkeys(queries.CANDIDATES, 10**6)
    unbounded = [top(text) for text in asked]
    queries.CANDIDATES = kept
    return sum(one != other for one, other in zip(bounded, unbounded, strict=True))


def work(articles: int) -> None:
    """Measure one database in this process; print the figures as JSON."""
    told: dict[str, object] = {"filled": fill(articles)}
    chance = random.Random(1)  # noqa: S311
    asked = typed_by_rank(chance)
    for text in ("anxeity", "worri"):  # the spelling help is made once in a process
        ask(text)
    times: Times = {}
    typed = keystrokes(chance)
    times["a keystroke"] = [timed(lambda t=text: search.while_typing(t, TODAY)) for text in typed]
    note(f"a keystroke: {statistics.median(times['a keystroke']):.1f}")
    for name, texts in asked.items():
        times[name] = [timed(lambda t=text: ask(t)) for text in texts]
        note(f"{name}: {statistics.median(times[name]):.1f}")
        times[f"{name}, LIKE"] = [timed(lambda t=text: by_like(t)) for text in texts[:OF_PEERS]]
        note(f"LIKE: {statistics.median(times[f'{name}, LIKE']):.1f}")
        if (connection.vendor, name) == TOO_SLOW:
            continue
        times[f"{name}, Wagtail"] = [
            timed(lambda t=text: by_wagtail(t)) for text in texts[:OF_PEERS]
        ]
        note(f"Wagtail: {statistics.median(times[f'{name}, Wagtail']):.1f}")
    told["differ"] = {name: compare(asked[name][:COMPARED]) for name in asked}
    note("compared")
    some = [one for one in documents(PUTS) if one.family == "article"]
    times["an article put or changed"] = [
        timed(lambda d=one: actions.put([d])) for one in some
    ]  # fmt: skip
    times["tidying up afterwards"] = [timed(actions.tidy)]
    told |= {"times": times, "compared": COMPARED}
    print(json.dumps(told))


if __name__ == "__main__":
    work(int(sys.argv[1]))
