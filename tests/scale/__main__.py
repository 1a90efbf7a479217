"""Build it, run the journeys, restart and kill its parts under load, write what happened.

python -m tests.scale [--port 28500] [--seconds 15] [--report docs/proof/scale.md]
"""

import argparse
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import django
import redis

from tests.scale.load import PAUSE, READERS, WRITERS, Load
from tests.scale.servers import Cluster, Redis, wait_for
from tests.scale.site import DRAIN, ROOT, Site

EDIT = (
    "from stepwell.apps.magazine.models import ArticlePage as A; "
    "page = A.objects.live().order_by('pk').first(); page.title = '{title}'; "
    "page.save_revision().publish(); "
    "from stepwell.apps.magazine.models import ArticleRow as R; "
    "print('AT ' + R.objects.get(pk=page.pk).url)"
)


class Phase(NamedTuple):
    """What was done to the site under load, and what became of the requests meanwhile."""

    name: str
    seconds: float
    counts: dict[str, int]
    failures: dict[str, int]
    without_a_write: float
    said: str


class Run:
    """One run of all phases."""

    def __init__(self, folder: Path, port: int, seconds: float) -> None:
        self.cluster = Cluster(folder, port + 30)
        self.cache = Redis(folder, port + 40)
        self.site = Site(folder, port, self.cluster, self.cache)
        self.load = Load(port)
        self.seconds = seconds
        self.phases: list[Phase] = []

    def all(self) -> None:
        """Run every phase in turn."""
        self.load.start()
        wait_for(lambda: len(self.load.writes) > 20)
        self.phase("nothing is touched", lambda: "")
        self.phase("rolling restart of three hosts", self.restart)
        self.phase("one web process is killed and started again", self.kill_web)
        self.phase("Redis is killed and started again", self.kill_cache)
        self.phase("one replica is killed", self.kill_replica)
        self.cluster.replicas[1].start()
        self.phase("the primary is killed, a replica promoted", self.kill_primary)
        self.phase("after the failover", lambda: "")
        self.load.stop()

    def phase(self, name: str, what: Callable[[], str]) -> None:
        """Do something under load, go on for some seconds, and count."""
        print(name, flush=True)
        self.load.begin_phase()
        began = time.monotonic()
        said = what()
        time.sleep(self.seconds)
        self.phases.append(
            Phase(
                name,
                time.monotonic() - began,
                dict(self.load.counts),
                dict(self.load.failures),
                self.load.longest_without_a_write(),
                said,
            )
        )
        print(self.phases[-1], flush=True)

    def restart(self) -> str:
        """Restart host after host, each while the others answer."""
        for host in self.site.hosts:
            host.leave()
            host.start()
        return f"each says 503 on /readyz and answers for {DRAIN} s more"

    def kill_web(self) -> str:
        """Kill one host's processes; nginx passes it over."""
        host = self.site.hosts[2]
        host.kill()
        time.sleep(5)
        host.start()
        return ""

    def kill_cache(self) -> str:
        """Kill the shared cache; limits count in memory meanwhile."""
        self.cache.kill()
        time.sleep(10)
        self.cache.start()
        found = redis.Redis(port=self.cache.port)
        seconds = wait_for(lambda: found.dbsize() > 0, 30)
        return f"used again {seconds:.1f} s after it is back"

    def kill_replica(self) -> str:
        """Kill a replica; readers go on with the other, commits wait for the other."""
        self.cluster.replicas[1].kill()
        return ""

    def kill_primary(self) -> str:
        """Kill the primary, promote the replica that holds most."""
        wait_for(lambda: self._standbys() == 2)
        began = time.monotonic()
        self.cluster.primary.kill()
        time.sleep(2)  # so long a host's watch may take to be sure
        self.cluster.fail_over()
        promoted = time.monotonic()
        wait_for(lambda: self.load.writes and self.load.writes[-1] > promoted)
        after = next(one for one in self.load.writes if one > promoted)
        return f"promoted {promoted - began:.1f} s and writing again {after - began:.1f} s later"

    def _standbys(self) -> int:
        sql = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        return int(str(self.cluster.primary.ask(sql)[0][0]))

    def lost(self) -> int:
        """Return how many acknowledged letters the database does not hold."""
        rows = self.cluster.primary.ask("SELECT code_hash FROM contact_letter", "stepwell")
        return len(self.load.acknowledged - {str(row[0]) for row in rows})

    def seconds_to_be_seen(self) -> float:
        """Publish on the first host; return how long the others take to show it."""
        title = f"Seen everywhere {time.monotonic_ns()}"
        told = self.site.hosts[0].run("manage", "shell", "-c", EDIT.format(title=title))
        path = told.partition("AT ")[2].split()[0]
        return wait_for(lambda: all(title in text(host.port, path) for host in self.site.hosts))


def text(port: int, path: str) -> str:
    """Return the page that one host answers."""
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", path, headers={"Host": f"localhost:{Site.front}"})
        return line.getresponse().read().decode()
    finally:
        line.close()


def report(run: Run, seen: list[float], lost: int) -> str:
    """Return what happened, as a page."""
    version = str(run.cluster.primary.ask("SHOW server_version")[0][0])
    rows = [
        f"| {phase.name} | {phase.seconds:.0f} | {sum(phase.counts.values()):,} "
        f"| {phase.counts.get('letter', 0):,} "
        f"| {', '.join(f'{n} x {what}' for what, n in sorted(phase.failures.items())) or '0'} "
        f"| {phase.without_a_write:.1f} | {phase.said} |"
        for phase in run.phases
    ]
    return "\n".join(
        [
            "# Past one machine: a run on loopback",
            "",
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `make scale`, on {os.cpu_count()} cores "
            f"({platform.machine()}); load of the machine at the end: "
            f"{', '.join(f'{one:.1f}' for one in os.getloadavg())}.",
            "",
            f"A PostgreSQL {version} primary with two streaming replicas (a commit waits for one "
            "of them), a Redis, three hosts (each a folder, a web process and regular work; Django "
            f"{django.__version__}) behind the shipped `docs/hosting/nginx-many.conf`. "
            f"{READERS} readers and {WRITERS} writers, each on a new line, {PAUSE} s between two "
            "requests. A failed request is one that gets another status than 200, or none.",
            "",
            "| what happens | s | requests | letters | failed | longest without a letter, s | |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            f"- Letters acknowledged in the whole run: {len(run.load.acknowledged):,}. "
            f"Acknowledged and not in the database at the end: **{lost}**.",
            f"- An article published on one host is seen on all three after "
            f"{', '.join(f'{one:.1f}' for one in seen)} s.",
            "- All of it runs on one machine: networks that lose packets and disks that fail are "
            "not in it. The primary is killed with all its processes at once (SIGKILL).",
            "",
        ]
    )


def main() -> None:
    """Build, run, report, take down."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--port", type=int, default=28500)
    asked.add_argument("--seconds", type=float, default=15)
    asked.add_argument("--report", type=Path, default=ROOT / "docs/proof/scale.md")
    asked.add_argument("--keep", action="store_true", help="leave the folder and its logs")
    told = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="stepwell-scale-"))
    folder.chmod(0o755)
    run = Run(folder, told.port, told.seconds)
    try:
        print(f"building in {folder}", flush=True)
        run.cluster.start()
        run.cache.start()
        run.site.start()
        seen = [run.seconds_to_be_seen() for _ in range(3)]
        run.all()
        told.report.write_text(report(run, seen, run.lost()), encoding="utf-8")
        print(told.report.read_text(encoding="utf-8"))
    finally:
        run.site.stop()
        run.cache.kill()
        run.cluster.stop()
        if not told.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
