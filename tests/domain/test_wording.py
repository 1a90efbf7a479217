"""Rules about wording: each finds what it should, and good sentences pass."""

import re
import tomllib
from pathlib import Path

import pytest

from stepwell.domain import wording
from stepwell.domain.errors import FactError
from stepwell.domain.wording import FAMILIES, Level, Where, look, rules, sentences

LABELLED = tomllib.loads(Path(__file__).with_name("wording_labelled.toml").read_text("utf-8"))
TOPICS = {"suicide": "suicide", "eating": "an eating disorder", "people": ""}
STARTER = Path(wording.__file__).parents[1] / "apps" / "magazine" / "starter"
EVERY = [(family, rule) for family in FAMILIES for rule in rules(family)]


def blocked(sentence: str, topic: str) -> list[str]:
    hits = look("safe_messaging", sentence, whole=f"{sentence}\n{TOPICS[topic]}")
    return [hit.rule.id for hit in hits if hit.rule.level is Level.BLOCKING]


def labelled(kind: str) -> list[tuple[str, str]]:
    return [(topic, sentence) for topic, some in LABELLED[kind].items() for sentence in some]


def test_the_labelled_set_is_large_enough():
    assert len(labelled("refuse")) + len(labelled("keep")) >= 120
    assert len(rules("safe_messaging")) >= 40


def test_blocking_rules_find_nearly_all_labelled_sentences():
    missed = [one for one in labelled("refuse") if not blocked(one[1], one[0])]

    recall = 1 - len(missed) / len(labelled("refuse"))

    assert recall >= 0.95, missed


def test_blocking_rules_keep_quiet_on_good_sentences():
    wrong = [(one, blocked(one[1], one[0])) for one in labelled("keep")]

    assert [one for one in wrong if one[1]] == []


def test_blocking_rules_alarm_at_most_once_in_a_thousand_words_of_our_articles():
    words = alarms = 0
    for path in sorted(STARTER.glob("*/*.toml")):
        text = article_text(tomllib.loads(path.read_text("utf-8")))
        words += len(text.split())
        hits = look("safe_messaging", text)
        alarms += sum(hit.rule.level is Level.BLOCKING for hit in hits)

    assert words > 15_000
    assert alarms / words * 1_000 <= 1


def article_text(article) -> str:
    parts = [article["title"], article["standfirst"]]
    for part in article["parts"]:
        parts += [part["heading"], re.sub(r"<[^>]+>", " ", re.sub("</(p|li)>", "\n", part["body"]))]
    return "\n".join(parts)


@pytest.mark.parametrize(("family", "rule"), EVERY, ids=lambda one: getattr(one, "id", one))
def test_each_rule_finds_what_offends_and_passes_the_repair(family, rule):
    assert all(wording.breaks(rule, sentence) for sentence in rule.offends)
    assert not any(wording.breaks(rule, sentence) for sentence in rule.passes)
    assert rule.because.endswith((".", "!"))
    assert family == "safe_messaging" or rule.level is Level.ADVISORY


def test_the_files_are_in_order():
    wording.check()

    assert set(wording.counts()) == set(FAMILIES)


def test_a_rule_for_titles_leaves_the_text_alone():
    words = "Teacher dies by suicide"

    in_title = {hit.rule.id for hit in look("safe_messaging", words, where=Where.TITLE)}
    in_text = {hit.rule.id for hit in look("safe_messaging", words)}

    assert "title-suicide-death" in in_title
    assert "title-suicide-death" not in in_text


def test_a_rule_about_a_topic_leaves_other_texts_alone():
    assert look("safe_messaging", "The parcel weighed 12 kg.") == []
    assert look("safe_messaging", "She weighed 38 kg.", whole="She has anorexia.")


@pytest.mark.parametrize(
    ("phrase", "finds", "passes"),
    [
        ("die*", "They died.", "The soldier came."),
        ("(a|b) c", "A c", "c"),
        ("very? bad", "bad", "very"),
        ("very? bad", "very bad", "badge"),
        ("one ... two", "one and a half two", "one a b c d e two"),
        ("# kg", "12.5 kg", "kg"),
        ("don't go", "Don’t go", "dont stop"),
        ("(big (red|blue)|small) dog", "a big blue dog", "a big dog"),
    ],
)
def test_a_phrase_means_what_the_manual_says(phrase, finds, passes):
    assert wording.pattern(phrase).search(finds)
    assert not wording.pattern(phrase).search(passes)


@pytest.mark.parametrize("phrase", ["(a|b", "a)", "x+", "[abc]", "a.b", "word?", "(a?|b) c"])
def test_a_phrase_with_other_signs_is_refused(phrase):
    with pytest.raises(ValueError, match="phrase"):
        wording.pattern(phrase)


def test_a_phrase_never_reaches_into_the_next_sentence():
    assert not wording.pattern("one ... two").search("It was one. Then two came.")


def test_sentences_end_at_signs_and_lines():
    assert sentences('He said "Go." Then he left.\nA heading\nMore') == [
        'He said "Go.',
        "Then he left.",
        "A heading",
        "More",
    ]


def test_a_long_text_takes_no_time():
    look("safe_messaging", "suicide " * 20_000)
    look("plain_language", "not " * 20_000)


def test_a_file_whose_rule_does_not_find_its_own_example_is_refused(monkeypatch):
    broken = rules("safe_messaging")[0].model_copy(update={"offends": ("Nothing here.",)})
    file = wording.rule_files()["safe_messaging"].model_copy(update={"rules": (broken,)})
    monkeypatch.setattr(wording, "rule_files", lambda: {"safe_messaging": file})

    with pytest.raises(FactError, match="committed-suicide"):
        wording.check()
