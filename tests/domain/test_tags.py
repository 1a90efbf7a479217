"""The vocabulary of tags: complete, without doubles, and it names what is near."""

from pathlib import Path

import pytest

from stepwell.domain import loading, tags
from stepwell.domain.errors import FactError, UnknownFact


def test_vocabulary_holds_the_thirty_tags() -> None:
    assert len(tags.tags()) == 30
    assert {"depression", "psychotherapy", "adhd", "love-at-first-sight"} <= set(tags.tags())
    assert tags.tag("adhd").name == "ADHD"


def test_every_id_is_made_from_its_name() -> None:
    for tag in tags.tags().values():
        assert tag.id == tag.name.lower().replace(" ", "-")


def test_unknown_tag_names_the_nearest() -> None:
    with pytest.raises(UnknownFact, match="depression"):
        tags.tag("depresion")


def test_known_passes_over_a_retired_tag() -> None:
    found = tags.known(["autism", "no-longer-there", "depression"])

    assert [tag.id for tag in found] == ["autism", "depression"]


def test_a_double_id_is_refused_with_file_key_and_repair(tmp_path: Path) -> None:
    double = '[[tags]]\nid = "a"\nname = "a"\n' * 2
    (tmp_path / "tags.toml").write_text(double, encoding="utf-8")
    loading.use_folders([tmp_path])
    try:
        with pytest.raises(FactError, match=r"tags\.toml: tags: 'a' occurs twice. Remove"):
            tags.check()
    finally:
        loading.use_folders([])
