"""The list of what is gone: whole lines, whatever happened to the last one."""

from datetime import date
from multiprocessing import get_context

from stepwell.lib import tombstones

DAY = date(2026, 11, 24)


def test_a_torn_line_is_left_out_and_does_not_spoil_the_next(tmp_path):
    path = tmp_path / "stones"
    tombstones.add(path, "letter", ["1"], DAY)
    with path.open("a") as file:
        file.write("2026-11-2")

    tombstones.add(path, "letter", ["2"], DAY)

    assert [stone.key for stone in tombstones.read(path)] == ["1", "2"]
    assert path.stat().st_mode & 0o777 == 0o600


def add_many(path, first):
    for number in range(first, first + 50):
        tombstones.add(path, "letter", [number], DAY)


def test_many_processes_lose_no_line_also_while_old_ones_are_forgotten(tmp_path):
    path = tmp_path / "stones"
    tombstones.add(path, "letter", ["old"], date(2001, 1, 1))
    many = [get_context("fork").Process(target=add_many, args=(path, n * 50)) for n in range(4)]

    for one in many:
        one.start()
    for _ in range(20):
        tombstones.forget(path, DAY)
    for one in many:
        one.join()

    assert {stone.key for stone in tombstones.read(path)} == {str(n) for n in range(200)}


def test_nothing_is_written_where_nothing_is_gone(tmp_path):
    tombstones.add(tmp_path / "stones", "letter", [], DAY)

    assert not (tmp_path / "stones").exists()
    assert tombstones.read(tmp_path / "stones") == []
