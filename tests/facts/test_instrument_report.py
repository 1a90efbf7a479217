"""The committed report of what each self-test's wording was compared with."""

import re

import pytest

from docs.instrument_wording import REPORT, digest, is_current, page
from stepwell.domain import instruments
from tests.facts.instrument_copies import SHARED

WRITTEN = REPORT.read_text(encoding="utf-8")
EVERY = list(instruments.instruments().values())
REPAIR = "run python docs/instrument_wording.py where the reference copies are"


@pytest.fixture
def copies() -> None:
    """Skip by name where the reference copies are not."""
    if not SHARED.is_dir():
        pytest.skip("the reference copies are not beside this checkout: the report is not redone")


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.id)
def test_the_report_names_each_self_test_and_each_copy_with_its_digest(one) -> None:
    chapter = WRITTEN.partition(f"## {one.name} (`{one.id}`)\n")[2].partition("\n## ")[0]
    dated = re.findall(r"`([^`]+)`, SHA-256 `[0-9a-f]{64}`", chapter)

    assert dated == [copy.file for copy in one.checked_against if copy.file], REPAIR
    for copy in one.checked_against:
        assert f"**{copy.name}**" in chapter, REPAIR
        assert all(f"words or key: `{key}`: " in chapter for key in copy.differences), REPAIR


def test_the_report_is_dated_and_leaves_no_difference_without_a_reason() -> None:
    assert re.search(r"Compared on 2\d{3}-\d\d-\d\d\.", WRITTEN)
    assert "| differences without a reason | 0 |" in WRITTEN


def test_the_report_is_what_would_be_written_now(copies: None) -> None:
    assert is_current(), REPAIR


def test_a_changed_copy_changes_the_report(copies: None, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {"osd/PHQ9.osd.json": "0" * 64}
    monkeypatch.setattr(
        "docs.instrument_wording.digest", lambda name: changed.get(name) or digest(name)
    )

    assert not is_current()
    assert "0" * 64 in page("2026-11-24")
