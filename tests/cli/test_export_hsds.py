"""The directory as HSDS: valid against the published schemas, alike each time, and back in."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from stepwell.apps.directory.models import Credential, Fate, Listing, Place, Provider
from stepwell.cli.exporting import export
from stepwell.domain import hsds_profile as profile
from stepwell.importers.pipeline import Report
from stepwell.importers.runs import import_hsds
from tests.api.hsds_build import CANARY, content, make_directory, make_hidden

pytestmark = pytest.mark.django_db
PAGE = {
    "type": "object",
    "required": [
        "total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty",
        "contents",
    ],
    "properties": {
        **{
            one: {"type": "integer"}
            for one in ("total_items", "total_pages", "page_number", "size")
        },
        **{one: {"type": "boolean"} for one in ("first_page", "last_page", "empty")},
        "contents": {"type": "array"},
    },
}  # fmt: skip


@pytest.fixture
def there() -> dict[str, Listing]:
    """One of everything, and what is hidden."""
    make_hidden(timezone.localdate())
    return make_directory(timezone.localdate())


def run(*told: str) -> str:
    """Run the command; return what it says."""
    answer = CliRunner().invoke(export, ["hsds", *told])
    assert answer.exit_code == 0, answer.output
    return answer.output


def bring(path: Path) -> Report:
    """Import a path as of today."""
    now = datetime.combine(timezone.localdate(), time(9), UTC)
    return import_hsds(path, source="back", clock=lambda: now)


def exported(path: Path, *told: str) -> list[dict[str, Any]]:
    """Return the services of an export."""
    run(str(path), *told)
    found: list[dict[str, Any]] = json.loads(path.read_text())
    return found


def stored() -> list[list[dict[str, Any]]]:
    """Return everything in the tables of the directory."""
    return [
        list(table.objects.order_by("pk").values())
        for table in (Listing, Provider, Place, Credential)
    ]


def validator(folder: Path, name: str) -> Draft202012Validator:
    """Return what checks against one of the published schemas."""
    if not folder.is_dir():
        pytest.skip("the published HSDS schemas are not beside this checkout")

    def fetched(address: str) -> Resource[Any]:
        return DRAFT202012.create_resource(json.loads((folder / Path(address).name).read_text()))

    registry: Registry[Any] = Registry(retrieve=fetched)
    schema = json.loads((folder / name).read_text())
    return Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())


def problems(check: Draft202012Validator, rows: list[Any]) -> list[str]:
    """Return what the schema says against some rows."""
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:120]}"
        for row in rows
        for error in check.iter_errors(row)
    ]


def test_the_yardstick_finds_what_is_wrong(shared: Path) -> None:
    check = validator(shared / "directory/hsds-3.1/schema", "service.json")

    assert problems(check, [{"id": "x", "name": 1, "attributes": [{}]}])


def test_file_is_valid_against_the_published_schemas(
    shared: Path, tmp_path: Path, there: Any
) -> None:
    rows = exported(tmp_path / "out.json")

    folder = shared / "directory/hsds-3.1/schema"
    assert len(rows) == 4
    assert problems(validator(folder, "service.json"), rows) == []
    assert problems(validator(folder, "service_with_definitions.json"), rows) == []


def test_uk_file_is_valid_against_the_uk_schema(shared: Path, tmp_path: Path, there: Any) -> None:
    rows = exported(tmp_path / "out.json", "--profile", "uk")

    folder = shared / "directory/hsds-uk-3.0/schema/compiled"
    check = validator(folder, "service_with_definitions.json")
    assert len(rows) == 4
    assert problems(check, rows) == []


@pytest.mark.parametrize(
    ("address", "schema"),
    [
        ("services", "service.json"),
        ("services?full=true", "service.json"),
        ("service_at_locations", "service_at_location.json"),
        ("service_at_locations?full=true", "service_at_location.json"),
        ("organizations", "organization.json"),
        ("organizations?full_service=true", "organization.json"),
        ("taxonomies", "taxonomy.json"),
        ("taxonomy_terms", "taxonomy_term.json"),
    ],
)
def test_answers_are_valid_against_the_published_schemas(
    client: Client, shared: Path, there: Any, address: str, schema: str
) -> None:
    page = json.loads(client.get(f"/hsds/{address}").content)
    one = json.loads(
        client.get(f"/hsds/{address.split('?')[0]}/{page['contents'][0]['id']}").content
    )

    check = validator(shared / "directory/hsds-3.1/schema", schema)
    assert problems(Draft202012Validator(PAGE), [page]) == []
    assert problems(check, [*page["contents"], one]) == []


def tabular(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the rows of each table of a folder, as its datapackage describes it."""
    package = json.loads((folder / "datapackage.json").read_text())
    for resource in package["resources"]:
        fields = {one["name"]: one for one in resource["schema"]["fields"]}
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            assert reader.fieldnames == list(fields)
            rows = [
                {
                    name: float(cell) if fields[name]["type"] == "number" else cell
                    for name, cell in row.items()
                    if cell or fields[name].get("constraints")
                }
                for row in reader
            ]
        assert len({row["id"] for row in rows}) == len(rows), resource["name"]
        yield resource["name"], rows


def test_tables_are_what_their_package_says_and_valid(
    shared: Path, tmp_path: Path, there: Any
) -> None:
    run(str(tmp_path / "bundle"))

    folder = shared / "directory/hsds-3.1/schema"
    # What stands in another table, or is an empty cell: a CSV has no empty texts.
    loose = {
        "address": ["address_1", "state_province", "postal_code"],
        "service_capacity": ["unit"],
        "metadata": ["previous_value"],
        "organization": ["description"],
    }
    for name, rows in tabular(tmp_path / "bundle"):
        check = validator(folder, f"{name}.json")
        found = [
            one
            for one in problems(check, rows)
            if not any(f"'{field}' is a required" in one for field in loose.get(name, []))
        ]
        assert (name, found) == (name, [])


def test_same_data_give_the_same_bytes(tmp_path: Path, there: Any) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        run(str(folder))
        run(str(tmp_path / f"{folder.name}.json"))

    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


@pytest.mark.parametrize("form", ["json", "csv", "uk"])
def test_own_export_changes_nothing_when_it_comes_back(
    tmp_path: Path, there: Any, form: str
) -> None:
    path = tmp_path / ("bundle" if form == "csv" else "out.json")
    run(str(path), *(["--profile", "uk"] if form == "uk" else []))
    before = stored()

    report = bring(path)

    assert stored() == before
    assert not report.rejected
    fates = {one.fate for one in report.outcomes if one.row and one.source_id}
    if form == "uk":  # its cost has no currency, and it has no seats: it says less
        assert fates == {Fate.UNCHANGED, Fate.LEFT_OUT}
    else:
        assert fates == {Fate.UNCHANGED}


def test_own_listing_that_says_something_else_is_left_out(tmp_path: Path, there: Any) -> None:
    path = tmp_path / "out.json"
    rows = exported(path)
    path.write_text(json.dumps([{**row, "name": "Another name"} for row in rows]))
    before = stored()

    report = bring(path)

    assert {one.fate for one in report.outcomes} == {Fate.LEFT_OUT}
    assert "change it in the admin" in report.outcomes[0].reason
    assert stored() == before


@pytest.mark.parametrize("form", ["json", "csv"])
def test_an_empty_host_says_the_same_after_an_import(tmp_path: Path, there: Any, form: str) -> None:
    before = [content(one) for one in exported(tmp_path / "before.json")]
    path = tmp_path / "before.json"
    if form == "csv":
        path = tmp_path / "bundle"
        run(str(path))
    Listing.objects.all().delete()
    Provider.objects.all().delete()
    Place.objects.all().delete()

    report = bring(path)

    assert not report.rejected
    assert report.counts[Fate.IMPORTED] == 4
    after = [content(one) for one in exported(tmp_path / "after.json")]
    checked = {"stepwell_checked", profile.CREDENTIAL}  # a file is not a check

    def kept(services: list[dict[str, Any]]) -> list[str]:
        text = []
        for one in services:
            for holder in (one, one["organization"]):
                holder.pop("metadata", None)
                holder["attributes"] = [
                    each
                    for each in holder.get("attributes", [])
                    if each["taxonomy_term"]["taxonomy"] not in checked
                ]
            text.append(json.dumps(one, sort_keys=True))
        return sorted(text)

    assert kept(after) == kept(before)
    assert bring(path).counts[Fate.UNCHANGED] == 4


@pytest.mark.parametrize("told", [("out.json",), ("out.json", "--profile", "uk"), ("bundle",)])
def test_nothing_hidden_leaves_in_a_file(tmp_path: Path, there: Any, told: tuple[str, ...]) -> None:
    run(str(tmp_path / told[0]), *told[1:])

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    text = "".join(path.read_text() for path in files).casefold()
    assert "talking" in text
    assert CANARY.casefold() not in text


def test_examples_can_be_left_out(tmp_path: Path, there: Any) -> None:
    rows = exported(tmp_path / "out.json", "--without-examples")

    assert {row["name"] for row in rows} == {"Talking", "Online", "Refuge"}


def test_empty_directory_is_an_empty_list(tmp_path: Path) -> None:
    assert exported(tmp_path / "out.json") == []


def test_targets_that_hold_something_else_are_refused(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    for told in (
        [str(full)],
        [str(full / "no" / "out.json")],
        [str(tmp_path / "x"), "--profile", "uk"],
    ):
        assert CliRunner().invoke(export, ["hsds", *told]).exit_code == 2
    assert (full / "mine.txt").read_text() == "mine"
