"""Readers and writers at a bounded rate, each counting what failed and what was promised."""

import threading
import time
from collections import Counter
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

READS = ("/", "/latest/", "/about/", "/help-now/", "/find/kinds/", "/support/", "/guide/")
SEARCHES = (("/find/", {}), ("/search/", {"q": "sleep"}))
READERS, WRITERS = 3, 3
PAUSE = 0.08  # seconds between two requests of one reader or writer


class Load:
    """Threads that ask the front, until they are stopped. Every number is of one phase."""

    def __init__(self, front: int) -> None:
        self.front = front
        self.acknowledged: set[str] = set()  # hashes of the codes of letters that were taken
        self.counts: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self.write_failures: list[float] = []
        self.writes: list[float] = []
        self._over = threading.Event()
        jobs = [self._read] * READERS + [self._write] * WRITERS
        self._threads = [
            threading.Thread(target=job, args=(number,), daemon=True)
            for number, job in enumerate(jobs)
        ]

    def start(self) -> None:
        """Let everybody begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let everybody end what they are at."""
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def begin_phase(self) -> None:
        """Count from here."""
        self.counts, self.failures = Counter(), Counter()
        self.writes, self.write_failures = [], []

    def ask(
        self, method: str, path: str, said: dict[str, str] | None = None, who: int = 0
    ) -> tuple[int, bytes]:
        """Send one request on a line of its own; status 0 where none came back."""
        # Each network of the limits is somebody else.
        where = (f"127.{who % 200 + 2}.{who // 200 % 250 + 1}.1", 0)
        line = HTTPConnection("127.0.0.1", self.front, timeout=30, source_address=where)
        form = {"Content-Type": "application/x-www-form-urlencoded"} if said is not None else {}
        try:
            line.request(
                method,
                path,
                body=urlencode(said) if said is not None else None,
                headers={"Host": f"localhost:{self.front}", **form},
            )
            answer = line.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return 0, b""
        finally:
            line.close()

    def _read(self, number: int) -> None:
        turn = number
        while not self._over.wait(PAUSE):
            turn += 1
            if turn % 5:
                path = READS[turn % len(READS)]
                status, _ = self.ask("GET", path)
                kind = "help now" if path == "/help-now/" else "page"
            else:
                path, said = SEARCHES[turn // 5 % 2]
                status, _ = self.ask("POST", path, said)
                kind = "search"
            self._note(kind, status, 200)

    def _write(self, number: int) -> None:
        token, letter = "", 0
        while not self._over.wait(PAUSE):
            if not token:
                token = self._token()
                self._over.wait(3.5)  # nobody reads the form and writes in less
                continue
            letter += 1
            said = {"kind": "question", "token": token, "message": f"letter {number}-{letter}"}
            said |= {"reply_to": "", "page": "", "website": ""}
            status, body = self.ask("POST", "/contact/send/", said, who=number * 10_000 + letter)
            self._note("letter", status, 200)
            if status == 200:
                code = body.decode().partition('<p class="code"><code>')[2].partition("<")[0]
                self.acknowledged.add(sha256(code.replace("-", "").encode()).hexdigest())
                self.writes.append(time.monotonic())
            else:
                self.write_failures.append(time.monotonic())

    def _token(self) -> str:
        _, body = self.ask("GET", "/contact/")
        return body.decode().partition('name="token" value="')[2].partition('"')[0]

    def _note(self, kind: str, status: int, wanted: int) -> None:
        self.counts[kind] += 1
        if status != wanted:
            self.failures[f"{kind}: {status or 'no answer'}"] += 1

    def longest_without_a_write(self) -> float:
        """Return the longest time of this phase in which no letter was acknowledged."""
        gaps = [later - one for one, later in zip(self.writes, self.writes[1:], strict=False)]
        return max(gaps, default=0.0)
