"""The readers of texts take anything: they never fail, and never take long."""

import time

from hypothesis import given
from hypothesis import strategies as st

from stepwell.importers.wxr import blocks, serialized, shortcodes
from stepwell.importers.wxr.autop import autop
from stepwell.importers.wxr.flatten import Flattener, before_more, elementor_html
from stepwell.importers.wxr.links import LinkRule, normal, original
from stepwell.importers.wxr.notes import Notes
from stepwell.importers.wxr.shape import shape
from stepwell.importers.wxr.shaped import text_of

PIECES = [
    "<!-- wp:paragraph -->", "<!-- /wp:paragraph -->",
    '<!-- wp:list {"a":1} -->', "<!-- /wp:list -->",
    "<!-- wp:more /-->", "<!-- wp:x/y {bad -->", "<!--", "-->", "[caption]", "[/caption]", "[[x]]",
    '[gallery ids="1,2"]', "[a b='c' d=\"e\"]", "[/a]", "[", "]", "<p>", "</p>", "<ul>", "<li>",
    "</ul>", "<blockquote>", "<cite>", "</blockquote>", "<table>", "<td>", "</table>", "<figure>",
    "<img src='/a.jpg'>", "<figcaption>", "</figure>", "<details>", "<summary>", "</details>",
    "<h2>", "</h2>", "<pre>", "</pre>", "<a href='/x'>", "</a>", "<b>", "</i>", "\n\n", "\n",
    "word",
    "&amp;", "https://e.example/x", "<iframe src='https://e.example/'>", "<sup>", "<br>",
]  # fmt: skip
MIXED = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=60).map("".join)


def blocks_of(text: str) -> list[object]:
    notes = Notes()
    flat = Flattener(notes, lambda ref: "", {}).run(text)
    rule = LinkRule(frozenset({"e.example"}), lambda address: "")
    return list(shape(before_more(flat)[1], notes, rule))


@given(MIXED)
def test_any_content_becomes_blocks(text: str):
    blocks_of(text)


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma"]), min_size=1, max_size=30))
def test_no_word_of_classic_content_is_lost(words: list[str]):
    text = "\n\n".join(words)

    assert text_of(autop(text)).split() == words


@given(MIXED)
def test_shortcodes_part_any_text(text: str):
    shortcodes.parse(text)


@given(MIXED)
def test_blocks_part_any_text(text: str):
    blocks.parse(text)


@given(st.text(max_size=200).map(lambda text: f'a:2:{{i:0;s:3:"{text}";i:1;a:1:{{s:1:"x";b:1;}}}}'))
def test_serialized_values_are_read_or_refused(text: str):
    try:
        found = serialized.loads(text)
    except serialized.NotSerialized:
        return
    assert isinstance(found, dict)


def test_wrong_byte_counts_are_survived_and_objects_refused():
    assert serialized.loads('a:1:{s:3:"key";s:4:"café";}') == {"key": "café"}
    assert serialized.loads('a:1:{s:3:"key";s:9:"a\nb";}') == {"key": "a\nb"}
    for bad in ('O:8:"stdClass":0:{}', 'C:1:"x":0:{}', "a:1:{", 's:1:"x', "x" * 100, "a:9" * 90):
        try:
            serialized.loads(bad)
        except serialized.NotSerialized:
            continue
        raise AssertionError(bad)


@given(st.text(max_size=100))
def test_any_address_is_read(address: str):
    normal(address)
    original(address)
    LinkRule(frozenset(), lambda one: "").rewrite(f"https://{address}", Notes())
    LinkRule(frozenset(), lambda one: "").rewrite(address, Notes())


KEYS = st.sampled_from(["settings", "elements", "title", "tabs", "image"])
TREES = st.recursive(
    st.none() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


@given(TREES)
def test_any_builder_data_is_read(data: object):
    elementor_html(data)


def test_long_and_twisted_texts_take_no_long_time():
    twisted = [
        "[a " * 50_000, "[a]" * 50_000, "[/a]" * 50_000, "[a]" * 20_000 + "[/a]" * 20_000,
        "<!-- wp:a -->" * 20_000, "<!--" * 50_000, "<p>" * 20_000, "<" * 100_000, "\n\n" * 100_000,
        "<blockquote>" * 3_000, "<ul><li>" * 3_000, "<table><tr><td>" * 2_000, "&" * 100_000,
        "https://e.example/" * 10_000, '<a href="' * 20_000, "<!--more" * 20_000,
        "<figure>" * 3_000, "<details>" * 3_000, "<pre>" * 10_000,
    ]  # fmt: skip
    for text in twisted:
        started = time.process_time()
        blocks_of(text)
        assert time.process_time() - started < 5, text[:20]
