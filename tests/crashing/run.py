"""Starts the site, lets fifty people write and some read, kills it with signal 9, and looks."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from stepwell.apps.contact.codes import hash_of
from stepwell.apps.contact.models import Letter, SentForm
from stepwell.apps.directory.models.freshness import Report, SentReport
from stepwell.apps.magazine.models import ArticleRow
from stepwell.lib.sealing import opened
from tests.apps.contact.build import filled as letter
from tests.apps.directory.test_freshness_reports import filled as report
from tests.conftest import ROOT

WRITERS, READERS = 50, 4
CODE = re.compile(r'<p class="code"><code>([^<]+)<')
NUMBER = re.compile(r"<h1[^>]*>\s*Number (\d+)")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Kept:
    """What the server acknowledged in all its lives."""

    letters: dict[str, str] = field(default_factory=dict)  # code: message
    reports: set[str] = field(default_factory=set)  # words
    numbers: dict[str, int] = field(default_factory=dict)  # slug of an article: its number
    half: list[str] = field(default_factory=list)  # answers that came whole but were not
    pages: int = 0  # answers to readers
    from_store: int = 0  # pages that were compared with a fresh one after a restart


class Site:
    """One folder and database, served by one process after another."""

    def __init__(self, var: Path, environ: dict[str, str], port: int, listing: Any) -> None:
        self.port, self.listing, self.var = port, listing.pk, var
        self.environ = {
            **environ,
            "SITE_URL": f"http://127.0.0.1:{port}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "TRUSTED_PROXIES": "1",
            "UNSIGNED_ACKNOWLEDGED": "yes",
            "PYTHONPATH": str(ROOT),
        }
        self.paths = {
            row.url.strip("/").split("/")[-1]: row.url for row in ArticleRow.objects.all()
        }
        self.kept = Kept()

    def ask(self, method: str, path: str, body: dict[str, str] | None = None) -> tuple[int, str]:
        """Ask once; raise OSError or HTTPException where no whole answer came."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            where = ".".join(str(random.randrange(1, 250)) for _ in range(4))
            headers = {**(FORM if body else {}), "X-Forwarded-For": where}
            line.request(method, path, urlencode(body) if body else None, headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        finally:
            line.close()

    def live(self, seconds: float) -> None:
        """Start, look at what was left, let everybody at it, and kill it after so many seconds."""
        process = self.started()
        try:
            self.check_pages()
            self._crowd(process, seconds)
        finally:
            kill(process)
            for name in ("publish", "published"):
                (self.var / name).unlink(missing_ok=True)
        for line in process.stdout or ():
            if line.startswith("published ") and line.endswith("\n"):
                _, slug, number = line.split()
                self.kept.numbers[slug] = int(number)
        process.stdout.close()

    def _crowd(self, process: subprocess.Popen[str], seconds: float) -> None:
        stop = threading.Event()
        threads = [
            threading.Thread(target=what, args=[stop])
            for what, many in ((self._write, WRITERS), (self._read, READERS))
            for _ in range(many)
        ]
        (self.var / "publish").touch()
        until = monotonic() + 60
        while not (self.var / "published").exists() and monotonic() < until:
            sleep(0.02)
        for one in threads:
            one.start()
        sleep(seconds)
        kill(process)
        stop.set()
        for one in threads:
            one.join()

    def started(self) -> subprocess.Popen[str]:
        """Start the server and wait until it answers."""
        command = [sys.executable, "-m", "tests.crashing.server", str(self.port)]
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environ, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=(self.var / "log").open("a"),
        )  # fmt: skip
        until = monotonic() + 120
        while monotonic() < until:
            try:
                if self.ask("GET", "/help-now/")[0] == 200:
                    return process
            except (OSError, HTTPException):
                sleep(0.05)
        kill(process)
        raise AssertionError((self.var / "log").read_text()[-3000:])

    def _write(self, stop: threading.Event) -> None:
        while not stop.is_set():
            words = f"words {uuid4()} " + "and more " * random.randrange(200)
            try:
                if random.random() < 0.5:
                    status, text = self.ask("POST", "/contact/send/", letter(message=words))
                    if status == 200 and (found := CODE.search(text)):
                        self.kept.letters[found[1]] = words.strip()
                else:
                    path = f"/find/{self.listing}/report/"
                    if self.ask("POST", path, report(words=words))[0] == 302:
                        self.kept.reports.add(words.strip())
            except (OSError, HTTPException):
                sleep(0.01)

    def _read(self, stop: threading.Event) -> None:
        while not stop.is_set():
            path = random.choice(["/", "/latest/", *self.paths.values()])
            try:
                status, text = self.ask("GET", path)
            except (OSError, HTTPException):
                sleep(0.01)
                continue
            self.kept.pages += 1
            if status == 200 and not text.rstrip().endswith("</html>"):
                self.kept.half.append(path)

    def check_rows(self) -> None:
        """Every acknowledged letter and report is there, whole; no other is half there."""
        found = {one.code_hash: opened(one, "message") for one in Letter.objects.all()}
        for code, words in self.kept.letters.items():
            assert found.get(hash_of(code)) == words, "an acknowledged letter is lost"
        assert SentForm.objects.count() == len(found), "half a letter"
        told = {opened(one, "told") for one in Report.objects.all()}
        assert self.kept.reports <= told, "an acknowledged report is lost"
        assert SentReport.objects.count() == len(told), "half a report"
        for row in ArticleRow.objects.all():
            number = int(row.title.removeprefix("Number "))
            assert number >= self.kept.numbers.get(slug_of(row), 0), (
                "an acknowledged publish is lost"
            )
        assert self.kept.half == []

    def check_pages(self) -> None:
        """What is served is what would be made now: nothing stale, nothing torn."""
        for path in ["/", "/latest/", *self.paths.values()]:
            served, fresh = self.ask("GET", path), self.ask("GET", f"{path}?fresh=1")
            assert served[0] == fresh[0] == 200, path
            assert served[1] == fresh[1], f"{path} is stale"
            self.kept.from_store += 1
        for slug, path in self.paths.items():
            found = NUMBER.search(self.ask("GET", path)[1])
            assert found, path
            assert int(found[1]) >= self.kept.numbers.get(slug, 0), f"{path} is stale"


def slug_of(row: ArticleRow) -> str:
    """Return the last part of an article's address."""
    return row.url.strip("/").rpartition("/")[2]


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a process and its children, all with signal 9."""
    if process.poll() is not None:
        return
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for pid in (process.pid, *map(int, children)):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()
