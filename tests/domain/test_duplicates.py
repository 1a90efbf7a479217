"""Which providers may be the same: a labelled set, spellings, and the time it takes."""

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain.duplicate_words import (
    email_key,
    name_words,
    phone_key,
    street_key,
    web_key,
)
from stepwell.domain.duplicates import (
    LARGEST_BLOCK,
    LIKELY,
    POSSIBLE,
    Described,
    Pair,
    candidates,
    compare,
    pairs,
)

LABELLED = tomllib.loads((Path(__file__).parent / "duplicate_pairs.toml").read_text("utf-8"))


def described(line: str, key: str = "1") -> Described:
    """Return the provider of one line of the labelled set."""
    parts = [part.strip() for part in line.split("|")]
    name, kind, phone, email, web, street, district, town, country = [*parts, "", "", ""][:9]
    place = (country or "GB", town, district, street)
    return Described(
        id=key,
        name=name,
        is_person=kind == "p",
        phones=frozenset(filter(None, [phone])),
        emails=frozenset(filter(None, [email])),
        webs=frozenset(filter(None, [web])),
        places=frozenset([place] if town else []),
    )


def of(label: str) -> list[tuple[Described, Described, Pair]]:
    found = []
    for one, two in LABELLED[label]:
        first, second = described(one, "1"), described(two, "2")
        found.append((first, second, compare(first, second)))
    return found


def figures(threshold: int) -> tuple[float, float]:
    """Return precision and recall at a threshold; what shares no key is not found either."""
    told = {
        label: [
            pair.points >= threshold and bool(candidates([one, two]))
            for one, two, pair in of(label)
        ]
        for label in ("same", "other")
    }
    right, wrong = sum(told["same"]), sum(told["other"])
    return right / (right + wrong), right / len(told["same"])


def test_the_labelled_set_is_large_enough() -> None:
    assert len(LABELLED["same"]) >= 60
    assert len(LABELLED["other"]) >= 60


def test_precision_and_recall_are_those_of_the_report() -> None:
    report = Path(__file__).parents[2] / "docs" / "proof" / "duplicates.md"
    text = report.read_text("utf-8")

    for name, threshold in (("possible", POSSIBLE), ("likely", LIKELY)):
        precision, recall = figures(threshold)
        assert f"| {name} | {threshold} | {precision:.3f} | {recall:.3f} |" in text


def test_it_finds_most_and_accuses_few() -> None:
    precision, recall = figures(POSSIBLE)
    sure, _ = figures(LIKELY)

    assert precision >= 0.9
    assert recall >= 0.95
    assert sure >= 0.98


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Dr. Anna Weiß", "anna weiss"),
        ("Müller GmbH", "Mueller"),
        ("The Willow Centre Ltd.", "Willow Center"),
        ("Jane Doe, LCSW, NCC", "Jane Doe"),
        ("Haus Licht e.V.", "Haus Licht"),
        ("Talk & Listen", "Talk and Listen"),
    ],
)
def test_a_name_is_the_same_in_other_spellings(one: str, two: str) -> None:
    assert name_words(one) == name_words(two)


def test_the_first_letter_of_a_name_is_kept() -> None:
    assert name_words("E. V. Smith") == ("e", "v", "smith")


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("+44 (0)113 496 0101", ("134960101", "")),
        ("0113 496 0101", ("134960101", "")),
        ("(617) 555-0101 x2", ("175550101", "2")),
        ("999", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_phone_number_is_its_last_nine_digits(said: str, key: tuple[str, str]) -> None:
    assert phone_key(said) == key


def test_streets_and_addresses_in_one_spelling() -> None:
    assert street_key("12 Park Road") == street_key("12, Park Rd.")
    assert street_key("Hauptstr. 5") == street_key("Hauptstraße 5")
    assert street_key("Park Road") == ""
    assert web_key("https://www.Example.org/") == web_key("example.org")
    assert web_key("facebook.com") == ""
    assert email_key("a@gmail.com", domain=True) == ""
    assert email_key("A@Own.example", domain=True) == "own.example"


def test_a_register_number_tells_people_of_one_name_apart() -> None:
    one = described("Kim Lee | p | 020 7946 0101 | | | | W1 | London")
    same = one.model_copy(update={"id": "2", "numbers": frozenset({("gb_hcpc", "PYL1")})})
    other = one.model_copy(update={"id": "3", "numbers": frozenset({("gb_hcpc", "PYL2")})})

    assert compare(same, same.model_copy(update={"id": "4"})).points == 100
    assert "other numbers in the same register" in compare(same, other).reasons
    assert compare(same, other).points < compare(one, same).points


def test_a_pair_says_why() -> None:
    [pair] = pairs([described(line, str(at)) for at, line in enumerate(LABELLED["same"][0])])

    assert pair.is_likely
    assert pair.reasons == (
        "the same name",
        "the same phone",
        "the same web address",
        "the same street and number",
    )


@given(st.lists(st.text(max_size=20), min_size=10, max_size=10))
def test_any_text_is_compared_both_ways_alike(texts: list[str]) -> None:
    def make(key: str, said: list[str]) -> Described:
        name, phone, email, web, street = said
        return Described(
            id=key,
            name=name or "x",
            phones=frozenset([phone]),
            emails=frozenset([email]),
            webs=frozenset([web]),
            places=frozenset([("GB", "Leeds", "LS1", street)]),
        )

    one, two = make("1", texts[:5]), make("2", texts[5:])

    assert compare(one, two).points == compare(two, one).points
    assert 0 <= compare(one, two).points <= 100
    pairs([one, two])


def test_one_is_never_compared_with_itself_and_each_pair_once() -> None:
    same = [described(LABELLED["same"][0][0], str(number)) for number in range(5)]

    found = [(pair.first, pair.second) for pair in pairs(same)]

    assert len(found) == len(set(found)) == 10
    assert all(first < second for first, second in found)


def test_what_many_share_says_nothing_and_time_grows_with_the_number() -> None:
    def many(number: int) -> list[Described]:
        return [
            described(
                f"Name{at} Word{at} | o | 0800 555 0100 | | | {at} Road | LS1 | Leeds", str(at)
            )
            for at in range(number)
        ]

    assert candidates(many(LARGEST_BLOCK + 1)) == []
    started = time.perf_counter()
    assert pairs(many(5_000)) == []
    assert time.perf_counter() - started < 20
