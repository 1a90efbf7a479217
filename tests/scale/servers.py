"""PostgreSQL with two streaming replicas and a Redis, from Debian's packages, in one folder."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/none"))
OWNER = "postgres" if os.getuid() == 0 else None
SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
shared_buffers = 32MB
max_connections = 100
wal_keep_size = 256MB
synchronous_commit = on
wal_receiver_timeout = 10s
"""


def wait_for(what: Callable[[], object], seconds: float = 60) -> float:
    """Wait until something is true, or stop the run; return how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            if what():
                return time.monotonic() - began
        except (psycopg.Error, redis.RedisError, OSError):
            pass
        time.sleep(0.02)
    raise SystemExit(f"Waited {seconds} seconds in vain for {what}.")


class Postgres:
    """One server of the three."""

    def __init__(self, folder: Path, name: str, port: int) -> None:
        self.folder, self.name, self.port = folder / name, name, port

    def ask(self, sql: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Return the rows of a query; none where it returns none."""
        address = f"postgres://postgres@127.0.0.1:{self.port}/{database}?connect_timeout=2"
        with psycopg.connect(address, autocommit=True) as connection:
            found = connection.execute(sql.encode())
            return found.fetchall() if found.description else []

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL as its owner."""
        command = [str(PROGRAMS / program), *arguments]
        subprocess.run(command, user=OWNER, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = str(self.folder.parent / f"{self.name}.log")
        self.run("pg_ctl", "-w", "-D", str(self.folder), "-l", log, "start")

    def kill(self) -> None:
        """End the server and all its processes as a power failure would, without a goodbye."""
        postmaster = int((self.folder / "postmaster.pid").read_text().splitlines()[0])
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(postmaster)],
            capture_output=True,
            text=True,
        ).stdout.split()
        for pid in [postmaster, *map(int, children)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def stop(self) -> None:
        """Stop the server, if it runs."""
        if (self.folder / "postmaster.pid").exists():
            command = [str(PROGRAMS / "pg_ctl"), "-m", "immediate", "-D", str(self.folder), "stop"]
            subprocess.run(command, user=OWNER, capture_output=True)

    def make_primary(self) -> None:
        """Make a new, empty server and start it."""
        self.run("initdb", "--auth=trust", "-U", "postgres", "-D", str(self.folder))
        with (self.folder / "postgresql.conf").open("a") as conf:
            conf.write(SETTINGS.format(port=self.port, folder=self.folder.parent))
        self.start()

    def follow(self, primary: "Postgres", others: list["Postgres"]) -> None:
        """Copy the primary, and follow whichever of the servers takes writes."""
        self.run(
            "pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres",
            "-D", str(self.folder), "-R", "-c", "fast",
        )  # fmt: skip
        hosts = [server for server in (primary, *others) if server is not self]
        where = ",".join("127.0.0.1" for _ in hosts)
        ports = ",".join(str(server.port) for server in hosts)
        with (self.folder / "postgresql.auto.conf").open("a") as conf:
            conf.write(
                f"port = {self.port}\n"
                f"primary_conninfo = 'host={where} port={ports} user=postgres "
                f"application_name={self.name} target_session_attrs=read-write'\n"
            )
        self.start()

    def received(self) -> int:
        """Return how much of the primary's log this replica holds."""
        sql = "SELECT pg_last_wal_receive_lsn() - '0/0'::pg_lsn"
        return int(str(self.ask(sql)[0][0]))


class Cluster:
    """A primary and two replicas of which one has to hold a write before it is acknowledged."""

    def __init__(self, folder: Path, port: int) -> None:
        names = ("primary", "replica1", "replica2")
        self.servers = [Postgres(folder, name, port + n) for n, name in enumerate(names)]
        self.primary, self.replicas = self.servers[0], self.servers[1:]
        if OWNER:
            shutil.chown(folder, OWNER)

    def start(self) -> None:
        """Make all three; from then on a commit waits for a replica."""
        self.primary.make_primary()
        self.primary.ask("CREATE DATABASE stepwell")
        for replica in self.replicas:
            replica.follow(self.primary, self.replicas)
        self.demand_standby(self.primary, "ANY 1 (replica1, replica2)")

    @staticmethod
    def demand_standby(server: Postgres, names: str) -> None:
        """Have a server acknowledge a commit when one of these holds it."""
        server.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        server.ask("SELECT pg_reload_conf()")
        wait_for(lambda: server.ask("SHOW synchronous_standby_names")[0][0] == names)

    def fail_over(self) -> Postgres:
        """Promote the replica that holds most, and have it demand the other."""
        best = max(self.replicas, key=Postgres.received)
        best.run("pg_ctl", "-w", "-D", str(best.folder), "promote")
        other = next(one for one in self.replicas if one is not best)
        self.demand_standby(best, f"ANY 1 ({other.name})")
        self.primary, self.replicas = best, [other]
        return best

    def stop(self) -> None:
        """Stop whatever of it runs."""
        for server in self.servers:
            server.stop()


class Redis:
    """A Redis that writes nothing to disk."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for(redis.Redis(port=self.port).ping)

    def kill(self) -> None:
        """End it without a goodbye."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
