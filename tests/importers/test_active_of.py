"""Which listings a row of a file speaks for."""

import pytest

from stepwell.importers.load_listings import Stored, active_of

THERE = {
    "a": Stored("", "active"),
    "a@leeds": Stored("", "active"),
    "b": Stored("", "hidden"),
    "c": Stored("", "active"),
}


@pytest.mark.parametrize(
    ("ids", "meant"), [(["a"], ["a", "a@leeds"]), (["b"], []), (["", "c"], ["c"]), ([""], [])]
)
def test_a_row_without_an_id_speaks_for_no_listing(ids: list[str], meant: list[str]) -> None:
    assert active_of(ids, THERE) == meant
