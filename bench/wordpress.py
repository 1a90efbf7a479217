"""`python -m bench.wordpress`: WordPress exports of any size, read and imported, with a peer.

The peer is expat alone: the same file parsed with no handler at all. Prints rows
for bench/RESULTS.md. Each measurement runs in a process of its own, so that its
peak of memory is its own.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from xml.parsers import expat

import django
from django.utils import timezone

WORDS = tuple(
    "sleep work friend calm evening walk listen letter doctor question answer morning worry rest "  # noqa: SIM905
    "family change plan small step talk group page hour week light room help line begin".split()
)
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old</title><link>https://old.example.org</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example.org</wp:base_blog_url>
"""


def generate(path: Path, megabytes: float, kilobytes_each: float = 6) -> int:
    """Write an export of about this size; return how many posts it holds."""
    chance, count = random.Random(1), 0  # noqa: S311 - made texts
    with path.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        while out.tell() < megabytes * 1_000_000:
            count += 1
            out.write(_post(count, chance, kilobytes_each))
        out.write("</channel></rss>\n")
    return count


def _post(number: int, chance: random.Random, kilobytes: float) -> str:
    def text(words: int) -> str:
        return " ".join(chance.choices(WORDS, k=words))

    parts: list[str] = []
    while sum(map(len, parts)) < kilobytes * 1000 - 900:
        near = max(1, number - chance.randrange(50))
        parts.append(
            f"<!-- wp:heading --><h2>{text(4)}</h2><!-- /wp:heading -->\n"
            f"<!-- wp:paragraph --><p>{text(90)} "
            f'<a href="https://old.example.org/?p={near}">{text(3)}</a> {text(60)}.</p>'
            f"<!-- /wp:paragraph -->\n"
            f"<!-- wp:list --><ul><li>{text(8)}</li><li>{text(8)}</li></ul><!-- /wp:list -->\n"
        )
    return f"""<item><title>{text(6)}</title><link>https://old.example.org/2020/05/p{number}/</link>
<dc:creator>w{number % 20}</dc:creator><guid>https://old.example.org/?p={number}</guid>
<content:encoded><![CDATA[{"".join(parts)}]]></content:encoded>
<excerpt:encoded><![CDATA[{text(20)}.]]></excerpt:encoded><wp:post_id>{number}</wp:post_id>
<wp:post_date>2020-05-06 10:00:00</wp:post_date>
<wp:post_date_gmt>2020-05-06 09:00:00</wp:post_date_gmt>
<wp:post_name>p{number}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="news"><![CDATA[News]]></category></item>
"""


def bare(path: Path) -> None:
    """The peer: parse and do nothing."""
    parser = expat.ParserCreate()
    with path.open("rb") as stream:
        parser.ParseFile(stream)


def read_all(path: Path) -> None:
    """Our reader: cleaned, checked, put together into items."""
    reading = import_module("stepwell.importers.wxr.read")
    with path.open("rb") as stream:
        for _ in reading.read(stream, path.name):
            pass


def dry(path: Path) -> None:
    """A whole dry run: two passes, every text shaped, nothing stored."""
    _imported(path, dry_run=True)


def wet(path: Path) -> None:
    """A whole import into SQLite."""
    _imported(path, dry_run=False)


def _imported(path: Path, *, dry_run: bool) -> None:
    django.setup()
    run = import_module("stepwell.importers.article_runs").import_wxr
    run([path], clock=timezone.now, dry_run=dry_run)


WORK: dict[str, Callable[[Path], None]] = {
    "bare": bare, "read": read_all, "dry": dry, "wet": wet,
}  # fmt: skip


def measured(what: str, path: Path, var: Path) -> tuple[float, float, float]:
    """Return seconds, seconds of CPU, and peak memory in MB, in a process of its own."""
    told = python("-m", "bench.wordpress", what, str(path), var=var).split()
    return float(told[-3]), float(told[-2]), float(told[-1])


def python(*told: str, var: Path) -> str:
    """Run Python with a site of its own; return what it printed."""
    environ = {
        **os.environ,
        "STEPWELL_VAR": str(var),
        "SECRET_KEY": "for the bench only",
        "UNSIGNED_ACKNOWLEDGED": "yes",
        "DJANGO_SETTINGS_MODULE": "stepwell.config.settings",
    }
    command = [sys.executable, *told]
    return subprocess.run(command, env=environ, check=True, text=True, stdout=-1).stdout  # noqa: S603


def one(what: str, path: Path) -> None:
    """Do one piece of work and print what it took."""
    started = time.perf_counter()
    WORK[what](path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(time.perf_counter() - started, time.process_time(), peak)


def main() -> None:
    """With the name of a piece of work: that. Else: megabytes to read, megabytes to import."""
    if sys.argv[1] in WORK:
        one(sys.argv[1], Path(sys.argv[2]))
        return
    megabytes, import_megabytes = float(sys.argv[1]), float(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="stepwell-bench-") as folder:
        var, large, small = (Path(folder) / name for name in ("var", "large.xml", "small.xml"))
        var.mkdir()
        python("-m", "django", "migrate", "-v0", var=var)
        posts, few = generate(large, megabytes, 20), generate(small, import_megabytes)
        took, used, peak = measured("wet", small, var)
        rate = f"{few / took:.0f} posts/s, {few / used:.0f} per s of CPU"
        print(f"| import, {few} posts of 6 kB | {took:.1f} | {used:.1f} | {peak:.0f} | {rate} |")
        print(f"{large.stat().st_size / 1e6:.0f} MB, {posts} posts of 20 kB")
        base, cpu, peak = measured("bare", large, var)
        print(f"| expat alone (limit) | {base:.1f} | {cpu:.1f} | {peak:.0f} | 1.0 |", flush=True)
        for what in ("read", "dry"):
            took, used, peak = measured(what, large, var)
            print(
                f"| {what} | {took:.1f} | {used:.1f} | {peak:.0f} | {used / cpu:.1f} |", flush=True
            )


if __name__ == "__main__":
    main()
