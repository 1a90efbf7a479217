"""TRUST D6: the rehearsal tells what is so, from the tables, keys, routes and roles of the site."""

import json

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.contrib.auth.models import Permission

from stepwell.apps.accounts.roles import roles
from stepwell.cli.rehearsing import rehearse_breach
from stepwell.lib import sealing
from stepwell.web import breach, retention

pytestmark = pytest.mark.django_db


def by_id() -> dict[str, breach.Rehearsal]:
    return {one.attacker.id: one for one in breach.rehearse()}


def paths(tables, how: str) -> set[str]:
    return {
        f"{one.name}.{name}"
        for one in tables
        for some in getattr(one, how).values()
        for name in some
    }


def sealed() -> set[str]:
    return {f"{model._meta.label}.{name}" for model, name in sealing.sealed_columns()}


def written(letters: str) -> set[str]:
    """Every field of these classes, read from the modules again."""
    return {
        f"{config.label}.{path}"
        for config in apps.get_app_configs()
        for path, letter in getattr(config.models_module, "FIELD_CLASSES", {}).items()
        if letter in letters
    }


def test_D6_each_field_that_is_not_public_is_in_the_output():
    out = CliRunner().invoke(rehearse_breach, ["--json"])

    assert out.exit_code == 0, out.output
    found = {one["id"]: one for one in json.loads(out.output)["attackers"]}
    named = {
        f"{table['name']}.{name}"
        for table in found["database"]["tables"]
        for how in ("clear", "locked")
        for names in table[how].values()
        for name in names
    }
    assert len(written("AB")) > 40
    assert named == written("ABC")


def test_D6_nothing_of_class_A_is_readable_in_a_stolen_database_or_backup():
    for name in ("database", "backup"):
        assert paths(by_id()[name].tables, "locked") == sealed()
        assert not any("A" in table.clear for table in by_id()[name].tables), name


def test_D6_with_the_keys_everything_is_readable():
    for name in ("database-and-keys", "operator"):
        assert sealed() <= paths(by_id()[name].tables, "clear")
        assert paths(by_id()[name].tables, "locked") == set()


@pytest.mark.parametrize(
    ("attacker", "opens"),
    [
        ("editor", set()),
        ("clinician", set()),
        ("steward", {"directory.Report", "directory.Evidence"}),
        ("moderator", {"contact.Letter"}),
        ("superuser", {"directory.Report", "directory.Evidence", "contact.Letter"}),
    ],
)
def test_D6_an_account_opens_what_its_role_opens(attacker, opens):
    tables = by_id()[attacker].tables

    assert {table.name for table in tables if "A" in table.clear} == opens
    assert "accounts.Person.password" not in paths(tables, "clear")


def test_D6_each_right_is_one_of_a_role_and_each_locked_table_has_one():
    rights = {right for role in roles() for right in role.permissions}

    assert set(breach.OPENS) <= rights
    opened = {model for models in breach.OPENS.values() for model in models}
    locked = {path.rpartition(".")[0] for path in sealed()}
    assert locked - {"accounts.StaffMail"} <= opened  # those are sent by a task, shown to nobody
    assert opened <= set(retention.classes_by_model())
    assert Permission.objects.filter(codename="read_letter").exists()


def test_D6_the_numbers_are_those_of_today(django_user_model):
    django_user_model.objects.create_user("ada")

    tables = {table.name: table for table in by_id()["database"].tables}

    assert tables["accounts.Person"].rows == django_user_model.objects.count()
    assert "authority" in by_id()["database"].tell


def test_D6_the_probe_leaves_nothing_and_finds_a_field_that_is_not_locked(monkeypatch):
    letters = apps.get_model("contact.Letter").objects

    assert all(breach.probe().values())
    assert set(breach.probe()) > sealed()
    assert letters.count() == 0

    monkeypatch.setattr(sealing, "seal", lambda text, context: f"plain {text}")
    monkeypatch.setattr(sealing, "unseal", lambda sealed, context: sealed.removeprefix("plain "))
    monkeypatch.setattr(breach, "_row_holds", lambda others: True)
    assert not breach.probe()["contact.Letter.message"]


def test_D6_the_words_name_tables_steps_and_whom_to_tell():
    out = CliRunner().invoke(rehearse_breach, []).output

    for one in breach.rehearse():
        assert one.attacker.name.upper() in out
        assert all(step in out for step in one.attacker.steps)
    assert "contact.Letter (0 rows): message, reply_to, page" in out
    assert "directory:search" in out or "web:search" in out
