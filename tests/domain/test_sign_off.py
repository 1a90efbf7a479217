"""Signatures hold for the version they name, and for nothing else."""

from datetime import date

import pytest

from stepwell.domain import loading, sign_off
from stepwell.domain.errors import FactError
from stepwell.domain.guide_rules import rule_set

ENTRY = """
[{key}]
version = "{version}"
by = "Ada Example"
registration = "Example register 1"
signed_on = 2026-12-01
"""


@pytest.fixture
def host(tmp_path):
    """A host's folder of facts; the package's own come back afterwards."""

    def write(text: str) -> None:
        (tmp_path / "sign_off.toml").write_text(text, encoding="utf-8")
        loading.use_folders([tmp_path])

    yield write
    loading.use_folders([])


def test_in_the_package_nothing_is_signed():
    assert sign_off.rules_signed() is None
    assert sign_off.numbers_signed() is None


def test_rules_are_signed_by_their_version(host):
    host(ENTRY.format(key="guide_rules", version=rule_set().version))

    signed = sign_off.rules_signed()

    assert signed is not None
    assert (signed.by, signed.signed_on) == ("Ada Example", date(2026, 12, 1))
    assert sign_off.numbers_signed() is None


def test_a_signature_for_other_rules_signs_nothing(host):
    host(ENTRY.format(key="guide_rules", version="2020.01.01"))

    assert sign_off.rules_signed() is None


def test_numbers_are_signed_up_to_their_newest_check(host):
    host(ENTRY.format(key="crisis_numbers", version=sign_off.numbers_version()))
    assert sign_off.numbers_signed() is not None

    host(ENTRY.format(key="crisis_numbers", version="2026-01-01"))
    assert sign_off.numbers_signed() is None


def test_a_signature_without_a_name_is_refused(host):
    host(ENTRY.format(key="guide_rules", version="1").replace('by = "Ada Example"\n', ""))

    with pytest.raises(FactError, match=r"sign_off.toml: guide_rules.by: .* Add this key"):
        sign_off.check()
