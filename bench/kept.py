"""`python -m bench kept`: kept pages by our own server and by nginx, beside nginx alone.

Needs nginx and wrk. Five seconds a row, 32 connections, one address on loopback; each row three
times, the median counts. All of them hand out the same compressed file. Then a full rebuild.
"""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from importlib import import_module
from pathlib import Path

SECONDS, CONNECTIONS, ROUNDS = 5, 32, 3
TYPES = "types { text/html html; }"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rate(address: str) -> float:
    """Return the requests a second that wrk counts, as the median of the rounds."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", "Accept-Encoding: gzip"]
    found = []
    for _ in range(ROUNDS):
        told = subprocess.run([*command, address], check=True, capture_output=True, text=True)  # noqa: S603
        assert "Non-2xx" not in told.stdout, told.stdout
        found.append(float(re.search(r"Requests/sec:\s+([\d.]+)", told.stdout)[1]))
    return statistics.median(found)


def nginx(conf: str, var: Path) -> "subprocess.Popen[bytes]":
    """Start nginx in the foreground with a configuration of ours."""
    file = var / "bench-nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""
    file.write_text(f"{user} daemon off; pid {var}/bench-nginx.pid; error_log /dev/null;\n{conf}")
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin") or sys.exit("nginx is not installed")
    return subprocess.Popen([program, "-c", str(file), "-p", str(var)])  # noqa: S603


def wait_for(address: str) -> None:
    """Wait until an address answers."""
    for _ in range(600):
        try:
            urllib.request.urlopen(address).close()  # noqa: S310
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{address} does not answer")


def servers(var: Path, port: int, article: str) -> list[tuple[str, float]]:
    """Return the rates: nginx alone, nginx as shipped, our own server."""
    bare_port, shipped_port = free_port(), free_port()
    files = var / "pages" / "current" / "files"
    shipped = import_module("tests.web.test_web_servers").configuration(var, shipped_port)
    http = shipped[shipped.index("http {") :]
    bare = (
        f"server {{ listen 127.0.0.1:{bare_port}; root {files}; gzip_static on; access_log off; }}"
    )
    conf = f"worker_processes 1; events {{}}\n{http.rstrip().removesuffix('}')}\n{bare} }}"
    process = nginx(conf, var)
    try:
        wait_for(f"http://127.0.0.1:{bare_port}{article}index.html")
        return [
            ("nginx alone, the same file", rate(f"http://127.0.0.1:{bare_port}{article}")),
            ("nginx as shipped", rate(f"http://127.0.0.1:{shipped_port}{article}")),
            ("our own server", rate(f"http://localhost:{port}{article}")),
        ]
    finally:
        process.terminate()
        process.wait(10)


def main() -> None:
    """Measure and print; the site lies in STEPWELL_VAR and is thrown away."""
    var, port = Path(os.environ["STEPWELL_VAR"]), free_port()
    program = [sys.executable, "-m", "stepwell.cli.main"]
    environ = {**os.environ, "SITE_URL": f"http://localhost:{port}", "STEPWELL_VAR": str(var)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environ}
    subprocess.run([*program, "run", "--prepare-only"], check=True, **quiet)  # noqa: S603
    started = time.perf_counter()
    subprocess.run([*program, "publish"], check=True, **quiet)  # noqa: S603
    rebuilt = time.perf_counter() - started
    subprocess.run([*program, "manage", "shell", "-c", WRITE], check=True, **quiet)  # noqa: S603
    site = subprocess.Popen([*program, "run", "--port", str(port)], **quiet)  # noqa: S603
    try:
        wait_for(f"http://localhost:{port}/about/")
        article = next(
            f"/{file.parent.relative_to(var / 'pages/current/files')}/"
            for file in sorted((var / "pages/current/files/news").glob("*/index.html"))
            if file.parent.name != "page"
        )
        rows = servers(var, port, article)
    finally:
        site.terminate()
        site.wait(30)
    pages = sum(1 for _ in (var / "pages/current/files").rglob("*.gz"))
    limit = rows[0][1]
    print("| what | requests/s | ratio to nginx alone |\n|---|---:|---:|")
    for name, found in rows:
        print(f"| {name} | {found:,.0f} | {found / limit:.2f} |")
    print(f"\nFull rebuild of {pages:,} pages: {rebuilt:.1f} s with starting.")


WRITE = "from stepwell.web.server_files import write; write()"
