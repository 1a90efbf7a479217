"""Every claim about privacy is a promise, every promise has its tests (TRUST 13)."""

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from stepwell.domain import loading, promises
from stepwell.domain.errors import FactError, UnknownFact
from tests.conftest import ROOT

TEMPLATES = [  # what visitors read; the admin's words are for staff
    path
    for path in sorted((ROOT / "stepwell").rglob("templates/**/*.*"))
    if not {"admin", "wagtailadmin"} & set(path.parts)
]
CLAIM = re.compile(
    r"\b(privat(e|ely)|anonym\w*|secur(e|ely)|confidential|never|only|delet(e|es|ed|ing))\b", re.I
)
FACTUAL = Path(__file__).with_name("factual_words.toml")
BLOCKS = r"</?(?:p|li|h\d|dt|dd|div|summary|label|legend|td|th|ul|ol|section|option|button)\b[^>]*>"


def factual() -> dict[str, str]:
    uses = tomllib.loads(FACTUAL.read_text(encoding="utf-8"))["uses"]
    return {use["sentence"]: use["reason"] for use in uses}


def sentences(text: str) -> list[str]:
    """Return the sentences of a template as a reader meets them; a value is "_"."""
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", text, flags=re.S)
    text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S)
    text = re.sub(r"\{%\s*(blocktranslate|translate)[^%]*%\}", " ", text)
    text = re.sub(r"\{%.*?%\}", " ", text, flags=re.S)
    text = re.sub(r"\{\{.*?\}\}", "_", text, flags=re.S)
    text = re.sub(BLOCKS, "\n", text)
    text = re.sub(r"<[^>]+>", "", text)
    parts = re.split(r"(?<=[.!?])\s+|\n+", text)
    return [shown for part in parts if (shown := re.sub(r"\s+", " ", part).strip())]


def claims() -> list[tuple[str, str]]:
    """Every sentence in a template that claims something, with its file."""
    return [
        (path.relative_to(ROOT).as_posix(), sentence)
        for path in TEMPLATES
        if path.is_file()
        for sentence in sentences(path.read_text(encoding="utf-8"))
        if CLAIM.search(sentence)
    ]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_13_a_claim_in_a_template_is_a_promise_or_says_why_it_is_none():
    allowed = factual()

    unregistered = [(file, words) for file, words in claims() if words not in allowed]

    assert unregistered == [], (
        "Make it a promise: words and tests into stepwell/domain/facts/promises.toml, and "
        "{% promise 'id' %} in the template. If it promises nothing about this site, write it "
        "with its reason into tests/house/factual_words.toml."
    )


def test_no_exception_is_left_over():
    used = {words for _, words in claims()}

    assert set(factual()) - used == set()
    assert all(factual().values())


def test_13_an_unregistered_claim_is_found():
    text = '<p>Fine. Your answers are <b>private</b>.</p><p>{% promise "P8" %}</p>{# never #}'

    assert [words for words in sentences(text) if CLAIM.search(words)] == [
        "Your answers are private."
    ]


def test_13_every_promise_names_tests_that_exist():
    names = generator().test_names()

    missing = {
        promise.id: sorted(set(promise.tests) - names)
        for promise in promises.promises().values()
        if set(promise.tests) - names
    }

    assert missing == {}


def test_what_is_proven_is_up_to_date():
    path = ROOT / generator().PROVEN

    assert path.read_text(encoding="utf-8") == generator().proven_page()


def test_every_promise_in_a_template_is_known():
    named = {
        promise_id
        for path in TEMPLATES
        if path.is_file()
        for promise_id in re.findall(r'\{% promise "([^"]+)"', path.read_text(encoding="utf-8"))
    }

    assert named - set(promises.promises()) == set()
    inline = {one.id for one in promises.promises().values() if not one.topic}
    assert inline - named == set(), "promises that stand nowhere"


def test_13_a_test_that_is_gone_takes_its_sentence_away(client, monkeypatch):
    register = promises.promises()["P8"]
    assert register.sentence in client.get("/about/privacy/").content.decode()
    names = generator().test_names() - {register.tests[0]}
    found = promises.Proven(
        version="next",
        looked_on=promises.proven().looked_on,
        proven=promises.proven_by(promises.promises(), names),
    )
    monkeypatch.setattr(promises, "proven", lambda: found)

    text = client.get("/about/privacy/").content.decode()

    assert register.sentence not in text
    assert promises.sentence("P8") == ""
    assert promises.promises()["Q2"].sentence in text


def test_the_generated_list_loses_a_promise_with_its_test():
    page = generator().proven_page(generator().test_names() - {"test_Q3_any_body_is_refused"})

    assert "Q3 =" not in page
    assert "Q2 =" in page


def test_a_promise_that_nobody_made_is_an_error():
    with pytest.raises(UnknownFact, match="no promise with the id 'P9x'"):
        promises.sentence("P9x")


def test_a_test_must_name_the_rule_it_holds():
    raw = {"id": "Q2", "sentence": "x", "tests": ["test_P3_something_else"]}
    promise = promises.Promise.model_validate(raw)

    assert promise.rule == "Q2"
    with pytest.raises(FactError, match="does not name the rule Q2"):
        promises.check_tests(promise)
    with pytest.raises(FactError, match="Write something"):
        loading.parse({**raw, "sentence": ""}, promises.Promise, where="there")
