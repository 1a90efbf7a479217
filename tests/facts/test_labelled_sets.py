"""The labelled sets: whole, without doubles, and every address in them exists."""

import tomllib
from pathlib import Path
from typing import Any

from stepwell.domain import approaches, instruments, professions, support

TESTS = Path(__file__).parents[1]
LABELLED = TESTS / "apps" / "search" / "labelled"
STARTER = TESTS.parent / "stepwell" / "apps" / "magazine" / "starter"
ARTICLES = {f"{path.parent.name}/{path.stem}" for path in STARTER.glob("*/*.toml")}


def load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def crisis_queries() -> list[str]:
    return [
        query for group in load(LABELLED / "crisis.toml")["groups"] for query in group["queries"]
    ]


def labelled_queries() -> list[dict[str, Any]]:
    families = load(LABELLED / "queries.toml")["families"]
    return [query for family in families for query in family["queries"]]


def addresses() -> set[str]:
    return {
        *(f"/{name}/" for name in ARTICLES),
        *(f"/support/{name}/" for name in support.kinds()),
        *(f"/support/professions/{name}/" for name in professions.professions()),
        *(f"/support/approaches/{name}/" for name in approaches.approaches()),
        *(f"/self-tests/{name}/" for name in instruments.instruments()),
        "/support/confidentiality/",
        "/support/professions/",
    }


def test_there_are_at_least_330_crisis_queries_and_no_doubles() -> None:
    queries = crisis_queries()

    assert len(queries) == len(set(queries)) >= 330


def test_no_calm_query_is_a_crisis_query() -> None:
    calm = load(LABELLED / "calm.toml")["queries"]

    assert len(calm) == len(set(calm))
    assert not set(calm) & set(crisis_queries())


def test_every_labelled_query_is_there_once_and_has_an_answer() -> None:
    texts = [query["text"] for query in labelled_queries()]

    assert len(texts) == len(set(texts)) >= 130
    assert all(query["accept"] for query in labelled_queries())


def test_every_accepted_address_exists_and_stands_once() -> None:
    known = addresses()

    for query in labelled_queries():
        assert len(query["accept"]) == len(set(query["accept"])), query["text"]
        assert set(query["accept"]) <= known, query["text"]


def test_related_pairs_are_whole() -> None:
    judged = load(TESTS / "domain" / "related_pairs.toml")["articles"]
    names = [one["id"] for one in judged]

    assert len(names) == len(set(names)) >= 40
    for one in judged:
        near = [other["id"] for other in one["related"]]
        assert 2 <= len(near) <= 5, one["id"]
        assert {other["grade"] for other in one["related"]} <= {1, 2}
        assert len({one["id"], *near, *one["unrelated"]}) == 1 + len(near) + len(one["unrelated"])
        assert {one["id"], *near, *one["unrelated"]} <= ARTICLES
    assert sum(len(one["unrelated"]) for one in judged) >= 20


def test_two_heavy_articles_are_never_judged_related() -> None:
    heavy = {name for name in ARTICLES if load(STARTER / f"{name}.toml")["heavy"]}

    for one in load(TESTS / "domain" / "related_pairs.toml")["articles"]:
        if one["id"] in heavy:
            assert not heavy & {other["id"] for other in one["related"]}
