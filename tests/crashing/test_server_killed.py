"""R2: the server is killed under fifty writers and an editor; nothing acknowledged is lost."""

import os
import random
import socket
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from tests.apps.directory.build import make_listing
from tests.apps.magazine.build import make_article
from tests.cli.test_backup import environment
from tests.crashing.run import Site
from tests.proof import write_report

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Some articles and a listing, to be served from a folder of its own."""
    for number in range(6):
        make_article(title=f"Number {number}")
    listing = make_listing(confirmed_on=timezone.localdate())
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return Site(tmp_path, environment(tmp_path, connection.settings_dict["NAME"]), port, listing)


def one_life(site: Site, seconds: float) -> None:
    site.live(seconds)
    site.check_rows()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_R2_a_server_killed_under_writers_has_lost_nothing(site: Site) -> None:
    one_life(site, 2.0)
    one_life(site, 0.0)  # what the first left is looked at

    assert len(site.kept.letters) + len(site.kept.reports) > 10
    assert site.kept.numbers


@pytest.mark.proof
@pytest.mark.timeout(4 * 3600)
def test_R2_killed_at_two_hundred_random_moments(site: Site) -> None:
    kills, chance = int(os.environ.get("KILLS", "200")), random.Random(20261124)
    moments = [chance.uniform(0.05, 1.5) for _ in range(kills)]
    for moment in moments:
        one_life(site, moment)
    one_life(site, 0.0)

    kept = site.kept
    assert len(kept.letters) + len(kept.reports) > kills
    write_report(
        "crashes.md",
        f"{connection.vendor}, killed",
        f"{date.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}: "
        f"the server was killed {kills} times with signal 9, {min(moments):.2f} to "
        f"{max(moments):.2f} s after the first publish, under 50 writers, 4 readers and an "
        "editor who publishes all the time (seed 20261124). It had acknowledged "
        f"{len(kept.letters)} letters, {len(kept.reports)} reports and publishes up to number "
        f"{max(kept.numbers.values())}; lost: 0, half there: 0. Of {kept.pages} answers to "
        "readers 0 were half a page. After each restart all pages were compared with fresh ones, "
        f"{kept.from_store} in all: "
        "0 stale, 0 torn."
        + (" `integrity_check` said ok each time." if connection.vendor == "sqlite" else ""),
    )
