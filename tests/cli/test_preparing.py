"""A start prepares the site once for each version and each set of migrations."""

import pytest
from django.apps import apps

from stepwell.cli import preparing


@pytest.fixture
def done(monkeypatch):
    """What a start does, written down instead."""
    told = []
    monkeypatch.setattr(preparing, "call_command", lambda name, **kw: told.append(name))
    for name in ("create_first_editor", "load_shipped", "load_listings"):
        monkeypatch.setattr(preparing, name, lambda *given, name=name: told.append(name))
    monkeypatch.setattr(preparing.indexing, "renew", lambda progress: told.append("renew"))
    return told


def test_a_second_start_only_looks(done, tmp_path):
    preparing.prepare_site(tmp_path)
    first = list(done)
    preparing.prepare_site(tmp_path)

    assert {"migrate", "collectstatic", "create_first_editor", "renew"} <= set(first)
    assert done[len(first) :] == ["check"]


def test_new_migrations_are_applied_and_the_index_is_renewed(done, tmp_path, monkeypatch):
    preparing.prepare_site(tmp_path)
    elsewhere = tmp_path / "later"
    (elsewhere / "migrations").mkdir(parents=True)
    (elsewhere / "migrations" / "0099_new.py").touch()
    monkeypatch.setattr(apps.get_app_config("directory"), "path", str(elsewhere))
    done.clear()

    preparing.prepare_site(tmp_path)

    assert "migrate" in done
    assert done[-1] == "renew"
