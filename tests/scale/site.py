"""Three hosts of one site, each with its folder, its web process and its regular work; nginx."""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

from tests.scale.servers import Cluster, Redis, wait_for

ROOT = Path(__file__).parent.parent.parent
STEPWELL = [sys.executable, "-m", "stepwell.cli.main"]
DRAIN = 6


class Host:
    """One host: a folder and a web process, with its regular work and its private listener."""

    def __init__(self, folder: Path, port: int, shared: dict[str, str]) -> None:
        self.port, self.private = port, port + 10
        self.var = folder / f"var-{port}"
        self.settings = {
            **os.environ,
            **shared,
            "STEPWELL_VAR": str(self.var),
            "PRIVATE_PORT": str(self.private),
            "DJANGO_SETTINGS_MODULE": "stepwell.config.settings",
        }
        self.log = folder / f"host-{port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Bring the database and this host's own files up to date."""
        self.run("run", "--port", str(self.port), "--prepare-only")

    def run(self, *arguments: str) -> str:
        """Run a `stepwell` command on this host and return what it says."""
        command = [*STEPWELL, *arguments]
        done = subprocess.run(
            command, env=self.settings, check=True, capture_output=True, text=True
        )
        return done.stdout

    def start(self) -> None:
        """Start the web process and wait until it is ready for requests."""
        command = [*STEPWELL, "run", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.settings, stdout=log, stderr=log, start_new_session=True
            )
        wait_for(lambda: self.says("/readyz") == 200 and self.answers("/about/") == 200, 240)

    def says(self, path: str) -> int:
        """Return the status of the private listener."""
        return status(self.private, path)

    def answers(self, path: str) -> int:
        """Return the status of the web process itself."""
        return status(self.port, path)

    def leave(self) -> None:
        """Stop as a rolling restart does, and wait for the end."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        wait_for(lambda: self.says("/readyz") == 503, 5)
        self.process.wait(DRAIN + 30)

    def kill(self) -> None:
        """End the web process and all beside it without a goodbye."""
        if self.process is None or self.process.poll() is not None:
            return
        for pid in sorted(_with_children(self.process.pid), reverse=True):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()


def _with_children(pid: int) -> list[int]:
    told = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)],
        capture_output=True,
        text=True,
    ).stdout
    return [pid, *(below for child in told.split() for below in _with_children(int(child)))]


def status(port: int, path: str) -> int:
    """Return the status of an answer, 0 where there is none."""
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path, headers={"Host": f"localhost:{Site.front}"})
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()


class Site:
    """The hosts behind the shipped nginx configuration."""

    front = 0

    def __init__(self, folder: Path, port: int, cluster: Cluster, cache: Redis) -> None:
        Site.front = port
        self.folder = folder
        login = "postgres://postgres@"
        servers = ",".join(f"127.0.0.1:{server.port}" for server in cluster.servers)
        shared = {
            "SITE_URL": f"http://localhost:{port}",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "SEALING_KEYS": f"scale {secrets.token_urlsafe(32)}",
            "UNSIGNED_ACKNOWLEDGED": "yes",
            "DATABASE_URL": f"{login}{servers}/stepwell",
            "DATABASE_REPLICAS": ",".join(
                f"{login}127.0.0.1:{replica.port}/stepwell" for replica in cluster.replicas
            ),
            "CACHE_URL": f"redis://127.0.0.1:{cache.port}/0",
            "TRUSTED_PROXIES": "1",
            "DRAIN_SECONDS": str(DRAIN),
        }
        self.hosts = [Host(folder, port + n, shared) for n in (1, 2, 3)]
        self.nginx: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Prepare and start the hosts one after the other, then nginx."""
        for host in self.hosts:
            host.prepare()
            host.start()
        shutil.copytree(self.hosts[0].var / "nginx", self.folder / "front" / "nginx")
        shutil.copytree(self.hosts[0].var / "help-now", self.folder / "front" / "help-now")
        conf = self.folder / "nginx.conf"
        conf.write_text(self._configuration())
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin") or "nginx"
        self.nginx = subprocess.Popen([program, "-c", str(conf), "-p", str(self.folder)])
        wait_for(lambda: socket.create_connection(("127.0.0.1", self.front), 1).close() is None)

    def _configuration(self) -> str:
        """Return docs/hosting/nginx-many.conf for plain http on loopback."""
        text = (ROOT / "docs/hosting/nginx-many.conf").read_text()
        text = text.replace("/srv/stepwell-front", str(self.folder / "front"))
        for number, host in enumerate(self.hosts, start=1):
            text = text.replace(f"10.0.0.1{number}:8000", f"127.0.0.1:{host.port}")
        first, _, second = text.partition("server {\n    listen 80;")
        second = second.partition("}\n")[2]
        second = second.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{self.front};")
        second = re.sub(r"ssl_\w+ .*;\n", "", second).replace("server_name network", "# ")
        # The site's own address has a port here.
        second = second.replace("charset utf-8;", "charset utf-8; absolute_redirect off;")
        hosts = self.folder / "front" / "nginx" / "to-the-site.conf"
        hosts.write_text(hosts.read_text().replace("Host $host", "Host $http_host"))
        parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        aside = "\n".join(f"{part}_temp_path {self.folder}/{part};" for part in parts)
        user = "user root;" if os.getuid() == 0 else ""
        return (
            f"{user} daemon off; worker_processes 1; pid {self.folder}/nginx.pid; "
            f"error_log {self.folder}/nginx-errors.log; events {{}}\n"
            f"http {{ types {{ text/html html; }} {aside}\n{first}{second} }}"
        )

    def stop(self) -> None:
        """End all of it."""
        if self.nginx is not None:
            self.nginx.terminate()
            self.nginx.wait(10)
        for host in self.hosts:
            host.kill()
