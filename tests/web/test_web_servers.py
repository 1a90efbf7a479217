"""The shipped nginx configuration, in a real nginx, with the site behind it dead."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest

from stepwell.apps.pages import rendering
from stepwell.web import server_files, static_site
from stepwell.web.middleware import HEADERS, SITE_POLICY
from tests.apps.magazine.build import make_article
from tests.apps.pages.conftest import committed, kept
from tests.conftest import ROOT

__all__ = ["committed", "kept"]
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configuration(var: Path, port: int) -> str:
    """Return the shipped configuration for plain http on loopback, with the site at a dead port."""
    text = (ROOT / "docs/hosting/nginx.conf").read_text()
    text = text.replace("/srv/stepwell/var", str(var)).replace(
        "127.0.0.1:8000", f"127.0.0.1:{free_port()}"
    )
    first, _, second = text.partition("server {\n    listen 80;")
    second = second.partition("}\n")[2]
    second = re.sub(r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};", second)
    second = re.sub(r"ssl_\w+ .*;\n", "", second)
    temporary = "\n".join(
        f"{name}_temp_path {var}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    types = "types { text/html html; application/xml xml; }"
    # The folder of a test is for its owner only, so the workers stay the same user.
    user = "user root;" if os.getuid() == 0 else ""
    return (
        f"{user} daemon off; pid {var}/nginx.pid; error_log {var}/error.log; events {{}}\n"
        f"http {{ {types} access_log off; {temporary}\n{first}{second} }}"
    )


@pytest.fixture
def front(kept, settings, tmp_path):
    """An address of nginx with kept pages and no site behind it."""
    if NGINX is None:
        pytest.skip("nginx is not installed: the shipped configuration was not run")
    settings.VAR = tmp_path
    page = make_article(title="Kept for later")
    for path in ("/", "/about/", page.row.url):
        rendering.make(path)
    (settings.PAGES_ROOT / "current").symlink_to(kept.root.name)
    server_files.write(tmp_path)
    (tmp_path / "static").mkdir()
    port = free_port()
    conf = tmp_path / "nginx.conf"
    conf.write_text(configuration(tmp_path, port))
    process = subprocess.Popen([NGINX, "-c", str(conf), "-p", str(tmp_path)])
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            get(f"{address}/about/")
            break
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    yield address, page.row.url
    process.terminate()
    process.wait(10)


class Got(NamedTuple):
    status: int
    headers: Message
    body: bytes


def get(address: str, form: bytes | None = None, **headers: str) -> Got:
    asked = urllib.request.Request(address, data=form, headers=headers)
    try:
        with urllib.request.urlopen(asked) as answer:
            return Got(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Got(error.status, error.headers, error.read())


def test_kept_pages_and_help_stand_while_the_site_is_dead(front):
    address, article = front

    for path in ("/", "/about/", article):
        answer = get(address + path)
        assert answer.status == 200, path
        for name, value in {**HEADERS, "Content-Security-Policy": SITE_POLICY}.items():
            assert answer.headers.get_all(name) == [value], (path, name)
        assert answer.headers["Cache-Control"] == "public, max-age=60"
    packed = get(address + article, **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    again = get(address + "/about/", **{"If-None-Match": get(address + "/about/").headers["ETag"]})
    assert again.status == 304
    for path in ("/help-now/", "/help-now/gb/"):
        helping = get(address + path)
        assert helping.status == 200
        assert b"Help now" in helping.body
        assert helping.headers["Cache-Control"] == "no-store"


def test_what_only_the_site_can_answer_shows_help_while_it_is_dead(front):
    address, article = front

    for path in ("/guide/", "/find/", f"{article}?q=1"):
        answer = get(address + path)
        assert answer.status == 502, path
        assert b"Help now" in answer.body
        sent = get(address + path, form=b"a=1")
        assert (sent.status, b"Help now" in sent.body) == (502, True), path


def test_a_published_folder_holds_pages_help_and_nothing_of_a_stranger(kept, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "no-styles"
    page = make_article(title="On a plain server")
    rendering.make(page.row.url)
    folder = tmp_path / "out"

    static_site.write(folder)
    static_site.write(folder)

    assert b"On a plain server" in (folder / page.row.url.strip("/") / "index.html").read_bytes()
    assert (folder / "help-now" / "index.html").exists()
    stranger = tmp_path / "mine"
    stranger.mkdir()
    (stranger / "letter.txt").write_text("mine")
    with pytest.raises(static_site.NotOurs, match="no publish wrote"):
        static_site.write(stranger)
    assert (stranger / "letter.txt").read_text() == "mine"
