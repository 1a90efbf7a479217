"""Tags without a good free test: each says why, and every tag leads somewhere."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from stepwell.domain import instruments, loading, missing_tests, tags
from stepwell.domain.errors import FactError

ENTRY = """
[[missing]]
tag = "{tag}"
title = "No good free test of it exists"
why = "Nobody made one."
instead = [{{ test = "{test}", because = "It is near." }}]
links = [{{ label = "The guide", url = "{url}" }}]
[missing.source]
citation = "Our own look"
checked = "recalled"
checked_on = 2026-11-23
review_due = 2027-11-23
"""


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[Path]:
    """Yield a host's folder of facts that is read after ours."""
    loading.use_folders([tmp_path])
    yield tmp_path
    loading.use_folders([])


def write(folder: Path, *, tag: str = "autism", test: str = "cat-q", url: str = "/guide/") -> None:
    """Write a file with one entry, and forget what was read before."""
    text = ENTRY.format(tag=tag, test=test, url=url)
    (folder / missing_tests.FILE).write_text(text, encoding="utf-8")
    loading.forget()


@pytest.mark.parametrize("tag_id", sorted(tags.tags()))
def test_every_tag_leads_to_a_test_or_to_why_there_is_none(tag_id: str) -> None:
    carried = [one for one in instruments.instruments().values() if tag_id in one.tags]

    assert carried or tag_id in missing_tests.missing()


def test_the_tags_of_the_network_without_a_test_say_so() -> None:
    missing_tests.check()

    assert {"love-at-first-sight", "lovelorn", "love-test", "breaking-up", "adhd"} <= set(
        missing_tests.missing()
    )
    assert all(
        one.source.review_due > date(2026, 11, 24) for one in missing_tests.missing().values()
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"tag": "autsm"}, "Did you mean autism"),
        ({"test": "cat-r"}, "Did you mean cat-q"),
        ({"url": "https://example.org/"}, "missing.0.links.0.url"),
        ({}, r"no self-test carries the tag 'marriage-psychology'"),
    ],
)
def test_a_wrong_entry_is_refused_with_file_key_and_repair(
    facts: Path, wrong: dict[str, str], said: str
) -> None:
    write(facts, **wrong)

    with pytest.raises(FactError, match=r"tests_missing\.toml.*" + said):
        missing_tests.check()


def test_a_double_entry_is_refused(facts: Path) -> None:
    write(facts)
    file = facts / missing_tests.FILE
    file.write_text(file.read_text(encoding="utf-8") * 2, encoding="utf-8")
    loading.forget()

    with pytest.raises(FactError, match=r"'autism' occurs twice\. Remove"):
        missing_tests.check()
