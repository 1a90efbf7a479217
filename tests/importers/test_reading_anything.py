"""Whatever is in a file, reading it gives rows or one clear refusal, never a crash."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.importers import cleaning
from stepwell.importers.hsds.read import read_text as read_hsds
from stepwell.importers.listings.mapping import Mapped
from stepwell.importers.listings.read import read as read_listings
from stepwell.importers.records import ImportRefused, LeftOut, Record, Reject, Remark

KEYS = [
    "id", "name", "status", "organization", "organizations", "services", "service", "locations",
    "location", "addresses", "city", "country", "postal_code", "latitude", "longitude", "contents",
    "service_at_locations", "attributes", "taxonomy_term", "taxonomy", "code", "phones", "number",
    "languages", "cost_options", "amount", "minimum_age", "location_type", "assured_date",
]  # fmt: skip
WORDS = ["stepwell_kind", "counselling", "active", "virtual", "GB", "Leeds", "yes", "", "\x00<b>"]
plain_values = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(WORDS)
)
documents: st.SearchStrategy[Any] = st.recursive(
    plain_values,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=8)
    ),
    max_leaves=40,
)
MAPPING = Mapped(
    source="test",
    columns={"id": "a", "name": "b", "provider": "c", "kind": "d", "town": "e", "postcode": "f"},
    defaults={"country": "GB"},
)


@given(documents)
def test_any_json_gives_rows_or_a_refusal(document: Any) -> None:
    with contextlib.suppress(ImportRefused):
        for row in read_hsds(json.dumps(document), "test.json"):
            assert isinstance(row, Record | LeftOut | Reject | Remark)


@given(st.text())
def test_any_text_as_json_gives_rows_or_a_refusal(text: str) -> None:
    with contextlib.suppress(ImportRefused):
        list(read_hsds(text, "test.json"))


@given(st.text(alphabet=st.characters(exclude_characters="\x00")))
def test_any_text_as_csv_gives_rows_or_a_refusal(text: str) -> None:
    with contextlib.suppress(ImportRefused):
        for row in read_listings(f"a,b,c,d,e,f\n{text}", "test.csv", MAPPING):
            assert isinstance(row, Record | LeftOut | Reject | Remark)


@given(st.lists(st.text(), min_size=6, max_size=6))
def test_any_six_cells_are_a_row(cells: list[str]) -> None:
    quoted = ",".join('"' + cell.replace('"', '""').replace("\x00", "") + '"' for cell in cells)

    for row in read_listings(f"a,b,c,d,e,f\n{quoted}\n", "test.csv", MAPPING):
        assert isinstance(row, Record | Reject)


@given(st.text(), st.integers(1, 100))
def test_plain_text_has_no_controls_and_keeps_to_its_length(text: str, longest: int) -> None:
    said = cleaning.plain(text, longest)

    assert len(said) <= longest
    assert not any(ord(sign) < 32 and sign != "\n" for sign in said)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org", ""),
        ("https://user:secret@example.org", ""),
        ("https://exa mple.org", ""),
        ("https://[broken", ""),
        ('https://example.org/"onclick="x', ""),
    ],
)
def test_only_plain_web_addresses_are_kept(given: str, kept: str) -> None:
    assert cleaning.web_address(given) == kept
