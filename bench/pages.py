"""`python -m bench pages [SMALL LARGE]`: public pages made anew, in a magazine of two sizes.

In one process, without a network: 200 articles in turn, so that no page is asked for twice
before the others; the front page; the same articles as a plain Wagtail site shows them; an
edit until it stands everywhere; and what a full rebuild takes for each page. Milliseconds of
CPU beside those of the clock, because other work on the machine changes only the latter.
"""

import logging
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from bench import magazine, report
from bench.plain_wagtail import plain_article, plain_home
from stepwell.apps.magazine.addresses import every_address
from stepwell.apps.magazine.models import ArticlePage, ArticleRow
from stepwell.apps.pages import actions, folder, rendering

ROUNDS, SAMPLE, EDITS = 200, 200, 5
Times = list[tuple[float, float]]


def timed(work: Callable[[], object], rounds: int) -> Times:
    """Return the milliseconds by the clock and of CPU of each round, after some to warm up."""
    for _ in range(min(10, rounds)):
        work()
    found = []
    for _ in range(rounds):
        clock, cpu = time.perf_counter(), time.process_time()
        work()
        found.append(((time.perf_counter() - clock) * 1000, (time.process_time() - cpu) * 1000))
    return found


def made(path: str) -> int:
    """Make a page through the whole of Django, keep nothing; return how many queries it asked."""
    with CaptureQueriesContext(connection) as asked:
        _get(path)
    return len(asked)


def _get(path: str) -> Any:
    answer = rendering._handler().get_response(WSGIRequest(rendering.environ_of(path)))
    assert answer.status_code == 200, path
    return answer


def measure(articles: int, rounds: int) -> Iterator[tuple[str, int | str, Times]]:
    """Yield what was measured, how many queries it takes, and the times."""
    rows = list(ArticleRow.objects.order_by("pk")[:: max(1, articles // SAMPLE)][:SAMPLE])
    urls, pages = cycle([row.url for row in rows]), cycle([row.pk for row in rows])
    with override_settings(KEEP_PAGES=False):
        rendering._handler.cache_clear()
        yield "ours: article", made(rows[0].url), timed(lambda: _get(next(urls)), rounds)
        yield "ours: home", made("/"), timed(lambda: _get("/"), rounds)
    few = max(5, rounds // 10)
    yield (
        "plain Wagtail: article",
        _asked(plain_article, next(pages)),
        timed(lambda: plain_article(next(pages)), few),
    )
    yield "plain Wagtail: home", _asked(plain_home), timed(plain_home, few)
    rendering._handler.cache_clear()
    some = sorted(set(every_address()))
    some = some[:: max(1, len(some) // (2 * rounds))]
    actions.rebuild(some, lambda done: None)
    each, paths = len(some), cycle(some)
    with folder.store().many():  # type: ignore[union-attr]  # kept in this bench
        yield "ours: a page of a rebuild", "", timed(lambda: rendering.make(next(paths)), each)
    yield "ours: an edit published and followed", "", timed(lambda: _edit(next(pages)), EDITS)


def _asked(work: Callable[..., object], *told: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        work(*told)
    return len(asked)


def _edit(number: int) -> None:
    page = ArticlePage.objects.get(pk=number)
    page.title = f"Changed {time.monotonic_ns()}"
    page.save_revision().publish()


def main(told: list[str]) -> None:
    """Measure both sizes and write the section; with --quick a few rounds, and nothing written."""
    quick = "--quick" in told
    sizes = [int(one) for one in told if one.isdigit()] or ([40] if quick else [500, 20_000])
    logging.getLogger("stepwell.request").setLevel(logging.ERROR)
    call_command("migrate", verbosity=0, skip_checks=True)
    lines, done = [], 0
    for size in sizes:
        magazine.fill(size, done)
        done = size
        addresses = len(set(every_address()))
        for name, queries, times in measure(size, 10 if quick else ROUNDS):
            clock, cpu = ([one[at] for one in times] for at in (0, 1))
            last = sorted(clock)[int(len(clock) * 0.95)]
            lines.append(
                (f"{size:,}: {name}", queries, f"{statistics.median(clock):.2f}", f"{last:.2f}",
                 f"{statistics.median(cpu):.2f}")
            )  # fmt: skip
            print(*lines[-1], flush=True)
            if "rebuild" in name:
                whole = statistics.mean(cpu) * addresses / 1000
                print(f"{addresses:,} addresses, {whole:.0f} s of CPU to make all")
                lines.append(
                    (f"{size:,}: all {addresses:,} pages, reckoned, s", "", "", "", f"{whole:.0f}")
                )
    head = ("articles: what", "queries", "ms, median", "ms, 95th of 100", "ms of CPU, median")
    if not quick:
        text = f"`python -m bench pages`, {report.circumstances()}, SQLite.\n\n{ABOUT}\n\n"
        report.write_section("Pages made anew", text + report.table(head, lines))


ABOUT = """200 articles in turn, through all of Django. Parts of pages that are equal (a list, the
topics) are drawn once in a process. The peer shows the same articles from Wagtail's own pages:
body, the one before and after, five of the same section; home: five of each section. It has no
tags, no structured data and no foot. An edit is a new title: revision, checks, rows, suggestions,
search, and the pages nearest to the front made again; from then on no page shows the old one. The
rebuild is reckoned from a sample of its pages, in one process. Search holds the articles too."""
