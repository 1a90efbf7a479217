"""Writes: what can be found. Rooms call these when something is shown, changed or hidden.

They follow what editors and stewards do, whose own actions say who did it; they
have no actor of their own.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice
from secrets import randbelow

from django.db import connection, transaction

from stepwell.apps.search.documents import Document, text_of
from stepwell.apps.search.index import index
from stepwell.apps.search.models import SearchDocument, SearchText, SearchWord
from stepwell.apps.search.numbers import day_span, pool_of
from stepwell.apps.search.stems import stem

BATCH = 500
Key = tuple[str, str]  # family and key


def put(documents: Iterable[Document], progress: Callable[[int], None] = lambda done: None) -> int:
    """Make documents findable as they are now; return how many were new or had changed."""
    changed = 0
    waiting = iter(documents)
    while batch := list(islice(waiting, BATCH)):
        changed += _put(batch)
        progress(len(batch))
    return changed


@transaction.atomic
def remove(keys: Collection[Key]) -> int:
    """Take documents out, their words with them; return how many there were."""
    gone: Counter[str] = Counter()
    numbers = [number for number, _, _ in _known(keys)]
    _take_out(numbers, gone)
    _count({word: -times for word, times in gone.items()})
    return len(numbers)


def tidy() -> bool:
    """Have the words of removed documents leave the index and its file; say whether all is tidy.

    Regular work (TRUST D4), not part of an edit: it goes over the whole index.
    """
    gone = SearchWord.objects.filter(word=SearchWord.GONE).values_list("documents", flat=True)
    removed = gone.first()
    if removed is None:
        return True
    if not index().forget():
        return False
    SearchWord.objects.filter(word=SearchWord.GONE, documents=removed).delete()
    return True


def replace(
    families: Collection[str],
    documents: Iterable[Document],
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, int]:
    """Make `families` hold exactly `documents`; return how many changed and how many went."""
    seen: set[Key] = set()

    def noted() -> Iterable[Document]:
        for document in documents:
            seen.add((document.family, document.key))
            yield document

    changed = put(noted(), progress)
    held = SearchDocument.objects.filter(family__in=families).values_list("family", "key")
    gone = [key for key in held if key not in seen]
    for at in range(0, len(gone), BATCH):
        remove(gone[at : at + BATCH])
    return {"found": len(seen), "changed": changed, "removed": len(gone)}


@transaction.atomic
def _put(documents: Sequence[Document]) -> int:
    known = {(family, key): (number, digest) for number, (family, key), digest in _known(
        [(one.family, one.key) for one in documents]
    )}  # fmt: skip
    latest = {(one.family, one.key): one for one in documents}
    fresh = [one for key, one in latest.items() if known.get(key, (0, ""))[1] != one.digest]
    counts: Counter[str] = Counter()
    old = [known[key][0] for one in fresh if (key := (one.family, one.key)) in known]
    _take_out(old, counts)
    counts = Counter({word: -times for word, times in counts.items()})
    _put_in(fresh, counts)
    _count(counts)
    return len(fresh)


def _known(keys: Collection[Key]) -> list[tuple[int, Key, str]]:
    """Return number, key and digest of those documents that are there."""
    found = []
    wanted = set(keys)
    for family in {family for family, _ in keys}:
        of_family = [key for name, key in keys if name == family]
        rows = SearchDocument.objects.filter(family=family, key__in=of_family)
        found += [
            (number, (family, key), digest)
            for number, key, digest in rows.values_list("id", "key", "digest")
            if (family, key) in wanted
        ]
    return found


def _take_out(numbers: Sequence[int], counts: Counter[str]) -> None:
    """Delete documents; add to `counts` what they held of each word, to be subtracted."""
    texts = SearchText.objects.filter(document__in=numbers)
    for words in texts.values_list("words", flat=True):
        counts.update(words.split())
    counts[SearchWord.ALL] += len(numbers)
    counts[SearchWord.GONE] -= len(numbers)
    texts.delete()
    SearchDocument.objects.filter(pk__in=numbers).delete()


def _put_in(documents: Sequence[Document], counts: Counter[str]) -> None:
    """Store documents; add to `counts` what they hold of each word."""
    rows, texts = [], []
    following: dict[int, int] = {}
    for one in documents:
        span = day_span(pool_of(one.family), one.published_on)
        if span.first not in following:
            among = SearchDocument.objects.filter(id__range=span).order_by("-id")
            last = among.values_list("id", flat=True).first()
            following[span.first] = span.first if last is None else last + 1
        number = following[span.first]
        following[span.first] = number + 1
        rows.append(_row(one, number))
        texts.append(text_of(one, number))
    for text in texts:
        counts.update(text.words.split())
    counts[SearchWord.ALL] += len(rows)
    SearchDocument.objects.bulk_create(rows)
    SearchText.objects.bulk_create(texts)


def _row(one: Document, number: int) -> SearchDocument:
    return SearchDocument(
        id=number,
        family=one.family,
        key=one.key,
        title=one.title[:255],
        summary=one.summary[:400],
        section=one.section,
        tags=list(one.tags),
        url=one.url,
        published_on=one.published_on,
        heavy=one.heavy,
        digest=one.digest,
    )


def _count(changes: dict[str, int]) -> None:
    """Add `changes` to the vocabulary; a word that stands nowhere any more leaves it."""
    moved = sorted((word, times) for word, times in changes.items() if times)
    if not moved:
        return
    words = SearchWord.objects.exclude(word__in=SearchWord.NO_WORDS)
    before = words.count()
    with connection.cursor() as cursor:
        for at in range(0, len(moved), BATCH):
            some = moved[at : at + BATCH]
            cursor.executemany(
                "INSERT INTO search_searchword (word, stem, documents) VALUES (%s, %s, %s) "
                "ON CONFLICT (word) DO UPDATE SET "
                "documents = search_searchword.documents + excluded.documents",
                [(word, stem(word), times) for word, times in some],
            )
    gone, _ = words.filter(documents__lte=0).delete()
    if gone or words.count() != before:
        _count_change()


def _count_change() -> None:
    """Give the vocabulary another number, so that every process notices that it has changed."""
    SearchWord.objects.update_or_create(
        word=SearchWord.CHANGES, defaults={"stem": "", "documents": randbelow(2**31)}
    )
