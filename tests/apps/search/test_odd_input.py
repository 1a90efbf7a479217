"""No text is an error, and none changes what the databases do."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stepwell.apps.search import actions, queries
from stepwell.domain import crisis_words
from tests.apps.search.build import make_document, put, titles

pytestmark = pytest.mark.django_db

ODD = [
    "", " ", "\t\n", '"', "'", '""', '"" ""', "' OR 1=1 --", "AND", "OR", "NOT",
    "NEAR", "NEAR(a b)", "a AND", "a OR", "a NOT b", "*", "a*", "*a", "^", "^a", "(",
    ")", "((", "a)", "-", "-a", "--", "+a", "a:b", "title_stems:a", "{a b}:c",
    "a & b | !c", "a <-> b", "'a':*", "\\", "%", "_", "a_b", "a%b", "\x00", "a\x00b",
    "\ud800", "a\udfffb", "\U0010ffff", "🙂🙂", "👩‍👩‍👧", "é", "e\u0301", "ﬁ", "ｆｕｌｌ",
    "שלום", "مرحبا", "\u202eabc", "नमस्ते", "你好 世界", "𝕒𝕟𝕩𝕚𝕖𝕥𝕪", "ß", "İ",
    "a" * 10_000, "a " * 5_000, "ab* " * 2_500, '"' * 10_000, "(" * 10_000, "x_61",
    "t_anger", "s_news", "; DROP TABLE search_searchword", "$1 %s %(a)s ? :a",
    "1e309", "0x00", "\r\n.\r\n",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text[:12]))
def test_odd_text_is_no_error(client, text: str) -> None:
    put("Anger", body="plain words")

    queries.find(text)
    queries.begun(text)
    sent = {"words": text.encode("utf-8", "replace").decode()}

    assert client.post("/search/", sent).status_code == 200
    assert client.post("/search/as-you-type/", sent).status_code == 200


@given(st.text(st.characters(exclude_categories=[]), max_size=200))
@example('NEAR("a" *, 2) AND (b OR')
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_is_an_error(text: str) -> None:
    queries.find(text)
    queries.begun(text)
    crisis_words.help_first(text)


@given(st.text(st.characters(exclude_categories=[]), min_size=1, max_size=40))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_stored_and_is_found_again(text: str) -> None:
    document = make_document(title=f"{text} canary", body=text, tags=(), key="odd")
    clean = document.title.encode("utf-8", "ignore").decode().replace("\x00", "")
    document = make_document(title=clean, body=text, key="odd")
    actions.put([document])

    assert clean[:255] in titles("canary") or len(clean) > 255


def test_words_of_other_scripts_are_found() -> None:
    put("Angst привет 世界 مرحبا")

    for word in ("привет", "ПРИВЕТ", "世界", "مرحبا"):
        assert titles(word) == ["Angst привет 世界 مرحبا"]
    assert [hit.title for hit in queries.begun("прив")] == ["Angst привет 世界 مرحبا"]


def test_a_typed_mark_is_a_word_and_opens_nothing() -> None:
    put("A", section="news")

    assert titles("s_news") == titles("t_a b") == []
