"""Settings from the environment."""

import pytest

from stepwell.lib.env import (
    EnvError,
    env,
    env_flag,
    env_int,
    env_list,
    env_paths,
    read_env_file,
)


def test_a_missing_setting_is_named(monkeypatch):
    monkeypatch.delenv("SOMETHING", raising=False)

    with pytest.raises(EnvError, match="SOMETHING is not set"):
        env("SOMETHING")


@pytest.mark.parametrize(
    ("raw", "value"), [("yes", True), ("1", True), ("off", False), ("", False)]
)
def test_flag_reads_plain_words(monkeypatch, raw, value):
    monkeypatch.setenv("FLAG", raw)

    assert env_flag("FLAG", default=not value) is value


@pytest.mark.parametrize(("read", "raw"), [(env_flag, "perhaps"), (env_int, "ten")])
def test_an_odd_value_is_refused_with_the_repair(monkeypatch, read, raw):
    monkeypatch.setenv("ODD", raw)

    with pytest.raises(EnvError, match=r"ODD is .* Write|ODD is .* no whole number"):
        read("ODD", default=0)


def test_list_drops_blanks(monkeypatch):
    monkeypatch.setenv("LIST", " a, ,b ,")

    assert env_list("LIST") == ["a", "b"]


def test_folder_that_is_missing_is_named(monkeypatch):
    monkeypatch.setenv("FOLDERS", "/no/such/folder")

    with pytest.raises(EnvError, match="/no/such/folder, which is no folder"):
        env_paths("FOLDERS")


def test_env_file_fills_gaps_and_what_is_set_wins(monkeypatch, tmp_path):
    monkeypatch.setenv("FIRST", "set")
    monkeypatch.delenv("SECOND", raising=False)
    file = tmp_path / ".env"
    file.write_text("# words\nFIRST=file\nSECOND='from file'\n")

    read_env_file(file)

    assert (env("FIRST"), env("SECOND")) == ("set", "from file")
    monkeypatch.delenv("SECOND")


def test_env_file_line_without_equals_is_named(tmp_path):
    file = tmp_path / ".env"
    file.write_text("GOOD=1\nbad line\n")

    with pytest.raises(EnvError, match=r"line 2: no '='"):
        read_env_file(file)
